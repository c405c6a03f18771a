import type { StoredPublication } from './publications.ts'
import { type Ask, jsonb } from './store.ts'

/** Notes that the table is not there, since when it is known first. @returns whether that is longer ago than so many hours */
export async function noteGone(ask: Ask, id: string, error: NonNullable<StoredPublication['error']>, hours: number): Promise<boolean> {
  const [row] = await ask<{ over: boolean }>(
    `UPDATE app.publication SET gone_at = coalesce(gone_at, now()), error = $2 WHERE id = $1
     RETURNING gone_at <= now() - make_interval(hours => $3) AS over`,
    [id, jsonb(error), hours],
  )
  return row?.over === true
}

export async function noteBack(ask: Ask, id: string): Promise<void> {
  await ask('UPDATE app.publication SET gone_at = NULL WHERE id = $1 AND gone_at IS NOT NULL', [id])
}

/** From here on nothing is published by it. */
export async function noteWithdrawing(ask: Ask, id: string, error: NonNullable<StoredPublication['error']>): Promise<void> {
  await ask('UPDATE app.publication SET withdrawing = true, error = $2 WHERE id = $1', [id, jsonb(error)])
}

/** The newest version that is older than so many hours. @returns undefined if none is, or nothing is noted from before it */
export async function oldestNeeded(ask: Ask, id: string, hours: number): Promise<number | undefined> {
  const [row] = await ask<{ version: string | null }>(
    `SELECT max(version) FILTER (WHERE published_at <= now() - make_interval(hours => $2) AND version > first) AS version
     FROM app.publication_version, LATERAL (SELECT min(version) AS first FROM app.publication_version WHERE publication_id = $1) AS oldest
     WHERE publication_id = $1`,
    [id, hours],
  )
  return row?.version == null ? undefined : Number(row.version)
}

/** Forgets what only versions before this one need. @param ask in a transaction */
export async function forgetBefore(ask: Ask, id: string, version: number): Promise<void> {
  await ask('DELETE FROM app.publication_version WHERE publication_id = $1 AND version < $2', [id, version])
  await ask('DELETE FROM app.publication_file WHERE publication_id = $1 AND removed_version <= $2', [id, version])
}
