import { type NewEvent, type Origin, storeEvents } from '../store/lineage-events.ts'
import { type LostRun, lostRuns } from '../store/lineage-runs.ts'
import type { Store } from '../store/store.ts'
import { facet, producer } from './openlineage.ts'
import type { RunEvent } from './run-event.ts'

/** Says which writes of a process that died were committed, and in which snapshots. */
export type FindCommits = (process: string, writes: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Runs of one sweep. */
const sweepMax = 100

/** Ends runs whose process died: as complete if the commit is there, for which only the note of it was missing, else as aborted.
 * @returns how many were ended */
export async function endLostRuns(store: Store, origin: Origin, silentMs: number, findCommits: FindCommits): Promise<number> {
  const lost = await lostRuns(store.ask, silentMs, sweepMax)
  if (lost.length === 0) return 0
  const commits = new Map<string, string>()
  for (const process of new Set(lost.map(each => each.process))) {
    const writes = lost.flatMap(({ writeId, process: its }) => (its === process && writeId !== null ? [writeId] : []))
    if (writes.length > 0) for (const [id, snapshotId] of await findCommits(process, writes)) commits.set(id, snapshotId)
  }
  return storeEvents(
    store,
    lost.map(run => endOf(run, commits.get(run.writeId ?? ''))),
    origin,
  )
}

function endOf({ id, start, keyId, requestId }: LostRun, snapshotId: string | undefined): NewEvent {
  const ended = { ...start, eventTime: new Date().toISOString(), producer }
  if (snapshotId === undefined) return { keyId, requestId, event: { ...ended, eventType: 'ABORT', run: { ...start.run, runId: id } } }
  return { keyId, requestId, snapshotId, event: { ...ended, eventType: 'COMPLETE', outputs: withVersion(start.outputs, snapshotId) } }
}

function withVersion(outputs: RunEvent['outputs'], snapshotId: string): NonNullable<RunEvent['outputs']> {
  const version = facet('version', { datasetVersion: snapshotId })
  return (outputs ?? []).map(output => ({ ...output, facets: { ...output.facets, version } }))
}
