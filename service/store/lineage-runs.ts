import type { RunEvent } from '../lineage/run-event.ts'
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
}

export async function lostRuns(ask: Ask, silentMs: number, limit: number): Promise<LostRun[]> {
  return ask<LostRun>(
    `SELECT run.id, event AS start, key_id AS "keyId", request_id AS "requestId"
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
