import { ServiceError } from '../errors.ts'
import type { QueryOutcome } from '../store/queries.ts'
import type { Lineage } from './lineage.ts'
import type { ParentRun } from './lineage-run.ts'

export interface Read {
  readonly sql: string
  readonly requestId: string
  readonly keyId: string
  readonly parent?: ParentRun | undefined
  readonly submittedAt: Date
}

/** Tells of a query when it has ended: until then nobody knows what it reads. All that a key reads is one job. */
export function noteRead(lineage: Lineage, { sql, requestId, keyId, parent, submittedAt }: Read, outcome: QueryOutcome): void {
  const { state, snapshotId, rowCount, error, tables = [] } = outcome
  const inputs = tables.map(({ schema, name }) => ({ schema, table: name, ...(snapshotId !== undefined && { snapshotId }) }))
  const run = lineage.begin({ job: { kind: 'query' }, inputs, sql, parent, requestId, keyId, startedAt: submittedAt })
  if (state === 'succeeded') run.complete({ rowCount })
  else if (state === 'cancelled') run.abort()
  else run.fail(error && new ServiceError(error.code, error.detail))
}
