import { setTimeout as sleep } from 'node:timers/promises'
import { quote } from '../catalog/quote.ts'
import { readRows } from '../catalogue/read-rows.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import { ServiceError } from '../errors.ts'
import type { Batch } from '../store/queue-batches.ts'
import type { Ask } from '../store/store.ts'
import { queueOwner } from './append-batch.ts'

/** `lost`: the snapshots of that time are gone, so that nobody can tell. */
export type Outcome = 'committed' | 'undone' | 'lost'

/** How long an engine's connections may outlive it. */
const sessionsEndMs = 15_000

/** Finds out what became of a batch whose process ended, or did not hear the engine's answer: when the engine's connections to PostgreSQL
 * have ended nothing can come any more, and the write's id is in a snapshot or it is not.
 * @throws ServiceError outcomeUnknown as long as the engine lives */
export async function outcomeOf(ask: Ask, engines: EnginePool, { write, engine, startedAt }: Batch): Promise<Outcome> {
  // No engine had been given the rows yet.
  if (engine === undefined) return 'undone'
  await sessionsEnded(ask, engine)
  const snapshots = `FROM ducklake_snapshots('lake')`
  const { rows } = await readRows(
    engines,
    queueOwner,
    `SELECT (SELECT count(*) ${snapshots} WHERE contains(commit_extra_info, ${quote(write)})) > 0,
       (SELECT min(snapshot_time) ${snapshots}) > ${quote(startedAt)}::TIMESTAMPTZ`,
  )
  const [[committed, expired] = []] = rows
  if (committed === true) return 'committed'
  return expired === true ? 'lost' : 'undone'
}

async function sessionsEnded(ask: Ask, session: string): Promise<void> {
  const deadline = Date.now() + sessionsEndMs
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 500)) {
    const alive = await ask('SELECT FROM pg_stat_activity WHERE application_name = $1 LIMIT 1', [session])
    if (alive.length === 0) return
    if (Date.now() > deadline)
      throw new ServiceError('outcomeUnknown', 'The engine that wrote the last batch has not ended yet: its messages wait until it has.')
    await sleep(waitMs)
  }
}
