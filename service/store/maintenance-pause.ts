import type { Ask } from './store.ts'

export interface Pause {
  readonly reason: string
  readonly until: Date
}

/** Until then nothing is expired and no file is removed. */
export async function insertPause(ask: Ask, id: string, reason: string, forMs: number): Promise<void> {
  await ask(`INSERT INTO app.maintenance_pause (id, reason, until) VALUES ($1, $2, now() + $3 * interval '1 millisecond')`, [
    id,
    reason,
    forMs,
  ])
}

/** @returns false if it was over already, and something may have been removed. */
export async function prolongPause(ask: Ask, id: string, forMs: number): Promise<boolean> {
  const rows = await ask(
    `UPDATE app.maintenance_pause SET until = now() + $2 * interval '1 millisecond' WHERE id = $1 AND until > now() RETURNING id`,
    [id, forMs],
  )
  return rows.length > 0
}

/** Ends it, and forgets those that ended by themselves. */
export async function deletePause(ask: Ask, id: string): Promise<void> {
  await ask('DELETE FROM app.maintenance_pause WHERE id = $1 OR until <= now()', [id])
}

/** The one that lasts longest. */
export async function findPause(ask: Ask): Promise<Pause | undefined> {
  const [pause] = await ask<Pause>('SELECT reason, until FROM app.maintenance_pause WHERE until > now() ORDER BY until DESC LIMIT 1')
  return pause
}
