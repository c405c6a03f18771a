import { WorkError } from '../engine-pool/work-run.ts'
import { type ErrorCode, ServiceError } from '../errors.ts'

/** What a failed append means for its messages. `data`: at least one of them fits no row. `costly`: perhaps one of them needs more than
 * there is. `unknown`: they may be in the table. `away`: it is not their fault. */
export type FailureKind = 'data' | 'costly' | 'unknown' | 'away'

export interface Failure {
  readonly kind: FailureKind
  readonly code: ErrorCode
  readonly detail: string
}

const ofData: ReadonlySet<ErrorCode> = new Set(['dataInvalid', 'invalidRequest', 'queryFailed', 'sqlInvalid'])
const ofCost: ReadonlySet<ErrorCode> = new Set(['outOfMemory', 'storageFull', 'queryTimeout', 'engineLost', 'internal'])

export function failureOf(error: unknown): Failure {
  if (!(error instanceof ServiceError)) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: 'away', code: 'internal', detail }
  }
  const { code, detail } = error
  if (error instanceof WorkError && error.outcome === 'unknown') return { kind: 'unknown', code, detail }
  return { kind: ofData.has(code) ? 'data' : ofCost.has(code) ? 'costly' : 'away', code, detail }
}
