import { findProgram } from '../../service/servers/go-program.ts'

export interface LogPrograms {
  readonly loki: string
  readonly promtail: string
}

/** What `LOKI_BIN` and `PROMTAIL_BIN` name, else what is on the PATH or was built.
 * @throws Error that says how to come by them */
export function findLogPrograms(environment: Readonly<Record<string, string | undefined>> = process.env): LogPrograms {
  const [loki, promtail] = [environment.LOKI_BIN ?? findProgram('loki'), environment.PROMTAIL_BIN ?? findProgram('promtail')]
  if (loki && promtail) return { loki, promtail }
  throw new Error(
    'There is no loki or no promtail: name them with LOKI_BIN and PROMTAIL_BIN, or build them once with "node --import tsx/esm test/e2e/logging/build-programs.ts" (Go, ten minutes).',
  )
}
