import type { CallerLimits } from '../access/caller.ts'
import type { Grant } from '../access/grants.ts'
import type { Scope } from '../access/scopes.ts'
import { ServiceError } from '../errors.ts'
import { type Ask, jsonb, type Store } from './store.ts'

/** A row of `app.key`. */
export interface StoredKey {
  readonly id: string
  readonly hash: Buffer
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Every table where it is null. */
  readonly grants: readonly Grant[] | null
  readonly limits: CallerLimits
  readonly createdAt: Date
  readonly createdBy: string
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly lastUsedAt: Date | null
}

/** What may be changed later. */
export type KeySettings = Pick<StoredKey, 'name' | 'scopes' | 'grants' | 'limits' | 'expiresAt'>

const columns = `id, hash, name, scopes, grants, limits, created_at AS "createdAt", created_by AS "createdBy", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"`

export async function findKey(ask: Ask, id: string): Promise<StoredKey | undefined> {
  const [key] = await ask<StoredKey>(`SELECT ${columns} FROM app.key WHERE id = $1`, [id])
  return key
}

/** Oldest first. @param after the last id of the page before */
export async function listKeys(ask: Ask, limit: number, after: string | undefined): Promise<StoredKey[]> {
  return ask<StoredKey>(
    `SELECT ${columns} FROM app.key
     WHERE $2::text IS NULL OR (created_at, id) > (SELECT created_at, id FROM app.key WHERE id = $2)
     ORDER BY created_at, id LIMIT $1`,
    [limit, after ?? null],
  )
}

export async function insertKey(ask: Ask, key: KeySettings & Pick<StoredKey, 'id' | 'hash' | 'createdBy'>): Promise<StoredKey> {
  const [inserted] = await ask<StoredKey>(
    `INSERT INTO app.key (id, hash, name, scopes, grants, limits, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${columns}`,
    [key.id, key.hash, key.name, key.scopes, jsonb(key.grants), jsonb(key.limits), key.createdBy, key.expiresAt],
  )
  if (!inserted) throw new Error('PostgreSQL returned no row for a key that it took')
  return inserted
}

/** @throws ServiceError notFound, or conflict if no administrator would be left */
export async function changeKey(store: Store, id: string, change: (key: StoredKey) => KeySettings): Promise<StoredKey> {
  return keepingAnAdmin(store, async ask => {
    const key = await findKey(ask, id)
    if (!key || key.revokedAt) throw new ServiceError('notFound', `There is no key ${id} that could be changed.`)
    const next = change(key)
    const [changed] = await ask<StoredKey>(
      `UPDATE app.key SET name = $2, scopes = $3, grants = $4, limits = $5, expires_at = $6 WHERE id = $1 RETURNING ${columns}`,
      [id, next.name, next.scopes, jsonb(next.grants), jsonb(next.limits), next.expiresAt],
    )
    return changed ?? key
  })
}

/** Does nothing to one that is revoked already. @throws ServiceError notFound, or conflict if no administrator would be left */
export async function revokeKey(store: Store, id: string): Promise<void> {
  await keepingAnAdmin(store, async ask => {
    const rows = await ask('UPDATE app.key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING id', [id])
    if (rows.length === 0) throw new ServiceError('notFound', `There is no key ${id}.`)
  })
}

export async function noteUse(ask: Ask, uses: ReadonlyMap<string, Date>): Promise<void> {
  await ask(
    `UPDATE app.key SET last_used_at = greatest(last_used_at, used.at)
     FROM unnest($1::text[], $2::timestamptz[]) AS used(id, at) WHERE key.id = used.id`,
    [[...uses.keys()], [...uses.values()]],
  )
}

/** Without an administrator nobody could make keys any more. The lock lets no second change slip past the question. */
async function keepingAnAdmin<Result>(store: Store, work: (ask: Ask) => Promise<Result>): Promise<Result> {
  return store.transaction(async ask => {
    await ask('LOCK TABLE app.key IN SHARE ROW EXCLUSIVE MODE')
    const result = await work(ask)
    if (!(await hasAdmin(ask)))
      throw new ServiceError('conflict', 'This is the last key with the scope admin: make another one first, then try again.')
    return result
  })
}

export async function hasAdmin(ask: Ask): Promise<boolean> {
  const rows = await ask(
    `SELECT FROM app.key WHERE 'admin' = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) LIMIT 1`,
  )
  return rows.length > 0
}
