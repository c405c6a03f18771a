import type { Verdict } from '../store/dead-letters.ts'
import type { Batch, Message } from '../store/queue-batches.ts'
import { faultOfRow } from './check-rows.ts'
import type { QueuedTable } from './table-columns.ts'

/** Messages that fit no row of the table as it is now, which may have been altered since they were sent. */
export function verdictsOf(messages: readonly Message[], table: QueuedTable): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  for (const { id, row } of messages) {
    const fault = faultOfRow(JSON.parse(row), table)
    if (fault) verdicts.set(id, { code: 'invalidRequest', ...fault })
  }
  return verdicts
}

/** Messages of which nobody can tell whether they are in the table: rather put aside than there twice. */
export function lostVerdicts({ ids, write, startedAt }: Batch): Map<string, Verdict> {
  const reason = `It may be in the table already: the batch ${write} of ${startedAt} was not ended, and the snapshots of that time have expired. Look before you replay it.`
  return new Map(ids.map(id => [id, { code: 'outcomeUnknown', reason }]))
}
