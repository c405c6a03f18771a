import { buildProgram, findProgram, hasGo } from './go-program.ts'

/** Its makers publish MinIO as source only, as modules of Go; these are the versions that the module proxy has. */
const modules = {
  minio: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
  mc: 'github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9',
} as const

/** Why there can be no MinIO here; nothing if there is one. */
export function noMinio(): string | undefined {
  return findProgram('minio') && findProgram('mc') ? undefined : 'no MinIO: neither minio and mc nor go, to build them, is on the PATH'
}

/** Whether there is one, or the set-up can build it. */
export function mayHaveMinio(): boolean {
  return noMinio() === undefined || hasGo()
}

/** Builds what is missing: about eight minutes on two cores. Without Go it does nothing. */
export function buildMissingPrograms(): void {
  for (const name of ['minio', 'mc'] as const) buildProgram(name, modules[name])
}
