import { type Ask, jsonb } from './store.ts'

/** A write that may be repeated without being done again. */
export interface NewWrite {
  readonly id: string
  readonly keyId: string
  readonly idempotencyKey: string
  readonly requestHash: Buffer
  readonly process: string
  readonly engines: string
}

export interface StoredWrite {
  readonly id: string
  readonly requestHash: Buffer
  /** Who works on it. */
  readonly process: string | null
  /** A pattern of LIKE for the connections that may still commit it. */
  readonly engines: string
  readonly answer: object | null
  /** Whether the process that works on it is there. */
  readonly isAlive: boolean
}

/** @returns whether it was new; else somebody has been here with the same key. */
export async function claimWrite(ask: Ask, { id, keyId, idempotencyKey, requestHash, process, engines }: NewWrite): Promise<boolean> {
  const rows = await ask(
    `INSERT INTO app.write (id, key_id, idempotency_key, request_hash, process, engines) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (key_id, idempotency_key) DO NOTHING RETURNING id`,
    [id, keyId, idempotencyKey, requestHash, process, engines],
  )
  return rows.length === 1
}

export async function findWrite(ask: Ask, keyId: string, idempotencyKey: string): Promise<StoredWrite | undefined> {
  const [row] = await ask<StoredWrite>(
    `SELECT id, request_hash AS "requestHash", process, engines, answer,
        EXISTS (SELECT FROM pg_stat_activity WHERE application_name = process) AS "isAlive"
      FROM app.write WHERE key_id = $1 AND idempotency_key = $2`,
    [keyId, idempotencyKey],
  )
  return row
}

/** Takes a write over from a process that is not there any more. @returns whether it did; somebody else may have been faster. */
export async function takeWrite(ask: Ask, { id, process: from }: Pick<StoredWrite, 'id' | 'process'>, process: string): Promise<boolean> {
  const rows = await ask(
    'UPDATE app.write SET process = $3 WHERE id = $1 AND process IS NOT DISTINCT FROM $2 AND answer IS NULL RETURNING id',
    [id, from, process],
  )
  return rows.length === 1
}

/** Undoes that a process took a write over, which then is as it was known before. */
export async function giveWriteBack(ask: Ask, { id, process, engines }: StoredWrite, from: string): Promise<void> {
  await ask('UPDATE app.write SET process = $2, engines = $3 WHERE id = $1 AND process = $4 AND answer IS NULL', [
    id,
    process,
    engines,
    from,
  ])
}

/** Whether a process is there, as others see it. */
export async function isProcessThere(ask: Ask, process: string): Promise<boolean> {
  return (await ask('SELECT FROM pg_stat_activity WHERE application_name = $1 LIMIT 1', [process])).length > 0
}

/** From now on its connections are those of another process. @returns whether it still waits for that process to do it */
export async function setEngines(ask: Ask, id: string, process: string, engines: string): Promise<boolean> {
  const rows = await ask('UPDATE app.write SET engines = $3 WHERE id = $1 AND process = $2 AND answer IS NULL RETURNING id', [
    id,
    process,
    engines,
  ])
  return rows.length === 1
}

export async function answerWrite(ask: Ask, id: string, answer: object): Promise<void> {
  await ask('UPDATE app.write SET answer = $2 WHERE id = $1', [id, jsonb(answer)])
}

/** Nobody knows what became of it: the next one that asks finds out, when the connections are gone that may still commit it.
 * @param by who did it; whoever only tries to find out what became of it meanwhile loses it. */
export async function leaveWrite(ask: Ask, id: string, by: Worker, engines: string): Promise<void> {
  await ask(`UPDATE app.write SET process = NULL, engines = $4 WHERE ${undoneBy}`, [id, by.process, by.engines, engines])
}

/** It changed nothing, so a repetition is as good as new. @param by as for {@link leaveWrite} */
export async function forgetWrite(ask: Ask, id: string, by: Worker): Promise<void> {
  await ask(`DELETE FROM app.write WHERE ${undoneBy}`, [id, by.process, by.engines])
}

/** A process, and its connections that commit. */
export interface Worker {
  readonly process: string
  readonly engines: string
}

const undoneBy = 'id = $1 AND (process = $2 OR engines = $3) AND answer IS NULL'

/** Forgets what nobody will repeat any more. */
export async function forgetOldWrites(ask: Ask, keepHours: number): Promise<void> {
  await ask(`DELETE FROM app.write WHERE started_at < now() - make_interval(hours => $1)`, [keepHours])
}
