import { askJson } from './ask.ts'
import type { Statement } from './queries.ts'

export interface PlanOperator {
  /** Its inputs follow it, one level deeper. */
  readonly depth: number
  readonly name: string
  readonly details: Readonly<Record<string, string>>
  readonly estimatedRows: number | null
  /** Counted, if the statement was run for it. */
  readonly rows: number | null
  readonly seconds: number | null
}

export interface Plan {
  readonly operators: readonly PlanOperator[]
  readonly truncated: boolean
  readonly totals: {
    readonly seconds: number
    readonly rowsScanned: number
    readonly bytesRead: number
    readonly peakMemoryBytes: number
  } | null
}

/** @param analyze runs the statement too. @throws ProblemError */
export function explain(statement: Statement, analyze: boolean, signal: AbortSignal): Promise<Plan> {
  return askJson('/v1/query/plan', { method: 'POST', body: JSON.stringify({ ...statement, analyze }), signal })
}
