import type { LakeSize } from '../catalog/lake-size.ts'
import type { MaintenanceReport } from '../engine/maintenance/maintenance-report.ts'
import type { ErrorCode } from '../errors.ts'
import { type Ask, jsonb } from './store.ts'

export const runStates = ['running', 'succeeded', 'failed', 'cancelled'] as const
export type RunState = (typeof runStates)[number]

/** What was asked for beside the task. */
export interface RunOptions {
  readonly table?: { readonly schema: string; readonly name: string }
  readonly olderThanHours?: number
  readonly deletedShare?: number
}

/** A row of `app.maintenance_run`. */
export interface StoredRun {
  readonly id: string
  /** One of the engine's tasks, or `backup` or `restore-drill`. */
  readonly task: string
  readonly dryRun: boolean
  readonly options: RunOptions
  readonly requestedBy: string
  readonly state: RunState
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly report: MaintenanceReport | null
  readonly sizeBefore: LakeSize | null
  readonly sizeAfter: LakeSize | null
  /** Text: a number of 64 bits. */
  readonly snapshotId: string | null
  readonly error: { readonly code: ErrorCode; readonly detail: string } | null
}

export type NewRun = Pick<StoredRun, 'id' | 'task' | 'dryRun' | 'options' | 'requestedBy'>

export interface RunOutcome {
  readonly state: Exclude<RunState, 'running'>
  readonly report?: MaintenanceReport | undefined
  readonly sizeBefore?: LakeSize | undefined
  readonly sizeAfter?: LakeSize | undefined
  readonly snapshotId?: string | undefined
  readonly error?: NonNullable<StoredRun['error']> | undefined
}

const columns = `id, task, dry_run AS "dryRun", options, requested_by AS "requestedBy", state, started_at AS "startedAt",
  ended_at AS "endedAt", report, size_before AS "sizeBefore", size_after AS "sizeAfter", snapshot_id AS "snapshotId", error`

export async function insertRun(ask: Ask, { id, task, dryRun, options, requestedBy }: NewRun): Promise<void> {
  await ask(`INSERT INTO app.maintenance_run (id, task, dry_run, options, requested_by, state) VALUES ($1, $2, $3, $4, $5, 'running')`, [
    id,
    task,
    dryRun,
    jsonb(options),
    requestedBy,
  ])
}

export async function endRun(ask: Ask, id: string, outcome: RunOutcome): Promise<void> {
  await ask(
    `UPDATE app.maintenance_run SET state = $2, ended_at = now(), report = $3, size_before = $4, size_after = $5, snapshot_id = $6, error = $7
     WHERE id = $1`,
    [
      id,
      outcome.state,
      jsonb(outcome.report),
      jsonb(outcome.sizeBefore),
      jsonb(outcome.sizeAfter),
      outcome.snapshotId ?? null,
      jsonb(outcome.error),
    ],
  )
}

/** To be asked by whoever holds the lock of maintenance: nobody else is at work, whatever is written. Backups hold a pause instead. */
export async function endLostRuns(ask: Ask): Promise<void> {
  const detail = 'The process that worked on it has ended. What it had committed holds; start it again for the rest.'
  await ask(
    `UPDATE app.maintenance_run SET state = 'failed', ended_at = now(), error = $1
     WHERE state = 'running' AND (task NOT IN ('backup', 'restore-drill') OR started_at < now() - interval '1 day')`,
    [jsonb({ code: 'engineLost', detail })],
  )
}

export async function findRun(ask: Ask, id: string): Promise<StoredRun | undefined> {
  const [run] = await ask<StoredRun>(`SELECT ${columns} FROM app.maintenance_run WHERE id = $1`, [id])
  return run
}

/** The one that holds the lock. */
export async function findRunning(ask: Ask): Promise<StoredRun | undefined> {
  const [run] = await ask<StoredRun>(
    `SELECT ${columns} FROM app.maintenance_run WHERE state = 'running' AND task NOT IN ('backup', 'restore-drill')
     ORDER BY started_at DESC LIMIT 1`,
  )
  return run
}

export interface RunFilter {
  readonly task?: string | undefined
  /** The last id of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listRuns(ask: Ask, { task, after, limit }: RunFilter): Promise<StoredRun[]> {
  return ask<StoredRun>(
    `SELECT ${columns} FROM app.maintenance_run
     WHERE ($1::text IS NULL OR task = $1)
       AND ($2::uuid IS NULL OR (started_at, id) < (SELECT started_at, id FROM app.maintenance_run WHERE id = $2))
     ORDER BY started_at DESC, id DESC LIMIT $3`,
    [task ?? null, after ?? null, limit],
  )
}

/** When a task was last begun, in earnest and for the whole lake; the time of the migration if never: a new lake has nothing to do yet. */
export async function lastStart(ask: Ask, task: string): Promise<Date> {
  const [row] = await ask<{ at: Date | null }>(
    `SELECT coalesce(
       (SELECT max(started_at) FROM app.maintenance_run WHERE task = $1 AND NOT dry_run AND NOT options ? 'table'),
       (SELECT done_at FROM app.migration WHERE name = '0006-maintenance.sql')) AS at`,
    [task],
  )
  return row?.at ?? new Date(0)
}

/** When each task last succeeded. */
export async function lastSuccesses(ask: Ask): Promise<{ task: string; at: Date }[]> {
  return ask<{ task: string; at: Date }>(
    `SELECT task, max(ended_at) AS at FROM app.maintenance_run WHERE state = 'succeeded' AND NOT dry_run GROUP BY task`,
  )
}
