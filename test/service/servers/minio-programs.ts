import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Its makers publish MinIO as source only, as modules of Go; these are the versions that the module proxy has. */
const modules = {
  minio: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
  mc: 'github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9',
} as const

export type MinioProgram = keyof typeof modules

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ducklake-platform', 'bin')

/** Where a program lies: on the PATH, else where an earlier test run built it. */
export function findProgram(name: MinioProgram): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), cache].map(folder => join(folder, name)).find(isRunnable)
}

/** Why there can be no MinIO here; nothing if there is one. */
export function noMinio(): string | undefined {
  return findProgram('minio') && findProgram('mc') ? undefined : 'no MinIO: neither minio and mc nor go, to build them, is on the PATH'
}

/** Whether there is one, or the set-up can build it. */
export function mayHaveMinio(): boolean {
  return noMinio() === undefined || hasGo()
}

/** Builds what is missing, once for all projects of this user: about eight minutes on two cores. Without Go it does nothing. */
export function buildMissingPrograms(): void {
  for (const name of ['minio', 'mc'] as const) {
    if (findProgram(name) || !hasGo()) continue
    mkdirSync(cache, { recursive: true })
    const folder = mkdtempSync(join(cache, 'build-'))
    console.log(`Building ${modules[name]} once, into ${cache}: this takes minutes …`)
    const environment = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-p=2 -trimpath' }
    const built = spawnSync('go', ['install', '-ldflags', '-s -w', modules[name]], {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (built.status === 0) renameSync(join(folder, name), join(cache, name))
    rmSync(folder, { recursive: true, force: true })
  }
}

function hasGo(): boolean {
  return spawnSync('go', ['version']).status === 0
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
