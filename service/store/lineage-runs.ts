import type { EventType, RunEvent } from '../lineage/run-event.ts'
import type { Ask } from './store.ts'

/** Says that a process still works on its runs. */
export async function signRuns(ask: Ask, process: string): Promise<void> {
  await ask('UPDATE app.lineage_run SET alive_at = now() WHERE own AND ended_at IS NULL AND process = $1', [process])
}

/** A run whose process has not been heard of, as it began. */
export interface LostRun {
  readonly id: string
  readonly start: RunEvent
  readonly keyId: string
  readonly requestId: string
  readonly process: string
  /** Whose commit would be that of this run; nothing if another attempt has it. */
  readonly writeId: string | null
}

export async function lostRuns(ask: Ask, silentMs: number, limit: number): Promise<LostRun[]> {
  return ask<LostRun>(
    `SELECT run.id, event AS start, key_id AS "keyId", request_id AS "requestId", process,
       CASE WHEN NOT EXISTS (SELECT FROM app.lineage_run AS other WHERE other.write_id = run.write_id AND other.state = 'COMPLETE')
         THEN run.write_id END AS "writeId"
     FROM app.lineage_run AS run JOIN app.lineage_event ON run_id = run.id AND type = 'START'
     WHERE run.own AND ended_at IS NULL AND alive_at < now() - $1 * interval '1 millisecond' ORDER BY alive_at LIMIT $2`,
    [silentMs, limit],
  )
}

/** Forgets old runs with their events, but for those that still have to be sent, and what only they knew.
 * @returns how many runs were forgotten */
export async function forgetRuns(ask: Ask, days: number, limit: number): Promise<number> {
  const rows = await ask(
    `DELETE FROM app.lineage_run WHERE id IN (
       SELECT id FROM app.lineage_run AS run WHERE started_at < now() - $1 * interval '1 day' AND (NOT own OR ended_at IS NOT NULL)
         AND NOT EXISTS (SELECT FROM app.lineage_event WHERE run_id = run.id AND delivery = 'waiting')
       ORDER BY started_at LIMIT $2) RETURNING id`,
    [days, limit],
  )
  if (rows.length === 0) return 0
  await ask('DELETE FROM app.lineage_job AS job WHERE NOT EXISTS (SELECT FROM app.lineage_run WHERE job_id = job.id)')
  return rows.length
}

/** @returns those that are runs of this service */
export async function ownRunsOf(ask: Ask, ids: readonly string[]): Promise<string[]> {
  const rows = await ask<{ id: string }>('SELECT id FROM app.lineage_run WHERE own AND id = ANY ($1::uuid[])', [ids])
  return rows.map(({ id }) => id)
}

export interface StoredRun {
  readonly id: string
  readonly own: boolean
  readonly state: EventType
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly snapshotId: string | null
  readonly keyId: string | null
  readonly requestId: string | null
  readonly namespace: string
  readonly name: string
  readonly type: string | null
}

/** @param id of the run, or of the write that it is the last attempt of */
export async function findRun(ask: Ask, id: string): Promise<StoredRun | undefined> {
  const [run] = await ask<StoredRun>(
    `SELECT run.id, own, state, started_at AS "startedAt", ended_at AS "endedAt", snapshot_id AS "snapshotId", key_id AS "keyId",
       request_id AS "requestId", namespace, name, type
     FROM app.lineage_run AS run JOIN app.lineage_job AS job ON job.id = job_id
     WHERE run.id = $1 OR write_id = $1 ORDER BY run.id = $1 DESC, started_at DESC LIMIT 1`,
    [id],
  )
  return run
}

export interface StoredEvent {
  readonly type: EventType
  readonly at: Date
  readonly delivery: 'waiting' | 'delivered' | 'parked' | null
  readonly fault: string | null
  readonly event: RunEvent
}

/** In the order in which they were stored. */
export async function eventsOfRun(ask: Ask, id: string, limit: number): Promise<StoredEvent[]> {
  return ask<StoredEvent>('SELECT type, at, delivery, fault, event FROM app.lineage_event WHERE run_id = $1 ORDER BY id LIMIT $2', [
    id,
    limit,
  ])
}
