import { type NewEvent, type Origin, storeEvents } from '../store/lineage-events.ts'
import { type LostRun, lostRuns } from '../store/lineage-runs.ts'
import type { Store } from '../store/store.ts'
import { facet, producer } from './openlineage.ts'
import type { RunEvent } from './run-event.ts'

/** Runs of one sweep. */
const sweepMax = 100

/** Ends runs whose process died: as complete if the commit is there, for which only the note of it was missing, else as aborted.
 * @param findCommits gets ids of runs and gives the snapshots of those that were committed. @returns how many were ended */
export async function endLostRuns(
  store: Store,
  origin: Origin,
  silentMs: number,
  findCommits: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<number> {
  const lost = await lostRuns(store.ask, silentMs, sweepMax)
  if (lost.length === 0) return 0
  const commits = await findCommits(lost.map(({ id }) => id))
  return storeEvents(
    store,
    lost.map(run => endOf(run, commits.get(run.id))),
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
