import type { components } from '../../client/api-types.ts'
import { askJson } from './ask.ts'
import type { Statement } from './queries.ts'

export type PlanOperator = components['schemas']['PlanOperator']
export type Plan = components['schemas']['Plan']

/** @param analyze runs the statement too. @throws ProblemError */
export function explain(statement: Statement, analyze: boolean, signal: AbortSignal): Promise<Plan> {
  return askJson('/v1/query/plan', { method: 'POST', body: JSON.stringify({ ...statement, analyze }), signal })
}
