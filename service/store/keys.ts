import { DatabaseError } from 'pg'
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
  /** Whose it is; null: nobody's. */
  readonly user: string | null
  /** Since when that user's keys are not taken. */
  readonly userDisabledAt: Date | null
}

/** What may be changed later. */
export type KeySettings = Pick<StoredKey, 'name' | 'scopes' | 'grants' | 'limits' | 'expiresAt' | 'user'>

const columns = `id, hash, name, scopes, grants, limits, created_at AS "createdAt", created_by AS "createdBy", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", last_used_at AS "lastUsedAt", user_id AS "user",
  (SELECT disabled_at FROM app.user WHERE app.user.id = user_id) AS "userDisabledAt"`

export async function findKey(ask: Ask, id: string): Promise<StoredKey | undefined> {
  const [key] = await ask<StoredKey>(`SELECT ${columns} FROM app.key WHERE id = $1`, [id])
  return key
}

export interface KeyFilter {
  /** Of every user, and of nobody, if it is missing. */
  readonly user?: string | undefined
  /** The last id of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Oldest first. */
export async function listKeys(ask: Ask, { user, after, limit }: KeyFilter): Promise<StoredKey[]> {
  return ask<StoredKey>(
    `SELECT ${columns} FROM app.key
     WHERE ($2::text IS NULL OR (created_at, id) > (SELECT created_at, id FROM app.key WHERE id = $2)) AND ($3::uuid IS NULL OR user_id = $3)
     ORDER BY created_at, id LIMIT $1`,
    [limit, after ?? null, user ?? null],
  )
}

/** @throws ServiceError invalidRequest if there is no such user */
export async function insertKey(ask: Ask, key: KeySettings & Pick<StoredKey, 'id' | 'hash' | 'createdBy'>): Promise<StoredKey> {
  const [inserted] = await unlessUserless(key.user, () =>
    ask<StoredKey>(
      `INSERT INTO app.key (id, hash, name, scopes, grants, limits, created_by, expires_at, user_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${columns}`,
      [key.id, key.hash, key.name, key.scopes, jsonb(key.grants), jsonb(key.limits), key.createdBy, key.expiresAt, key.user],
    ),
  )
  if (!inserted) throw new Error('PostgreSQL returned no row for a key that it took')
  return inserted
}

/** @throws ServiceError notFound, invalidRequest if there is no such user, or conflict if no administrator would be left */
export async function changeKey(store: Store, id: string, change: (key: StoredKey) => KeySettings): Promise<StoredKey> {
  return keepingAnAdmin(store, async ask => {
    const key = await findKey(ask, id)
    if (!key || key.revokedAt) throw new ServiceError('notFound', `There is no key ${id} that could be changed.`)
    const next = change(key)
    const [changed] = await unlessUserless(next.user, () =>
      ask<StoredKey>(
        `UPDATE app.key SET name = $2, scopes = $3, grants = $4, limits = $5, expires_at = $6, user_id = $7 WHERE id = $1
         RETURNING ${columns}`,
        [id, next.name, next.scopes, jsonb(next.grants), jsonb(next.limits), next.expiresAt, next.user],
      ),
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
export async function keepingAnAdmin<Result>(store: Store, work: (ask: Ask) => Promise<Result>): Promise<Result> {
  return store.transaction(async ask => {
    await ask('LOCK TABLE app.key IN SHARE ROW EXCLUSIVE MODE')
    const result = await work(ask)
    if (!(await hasAdmin(ask)))
      throw new ServiceError('conflict', 'The last key with the scope admin would be gone: make another one first, then try again.')
    return result
  })
}

export async function hasAdmin(ask: Ask): Promise<boolean> {
  const rows = await ask(
    `SELECT FROM app.key WHERE 'admin' = ANY (scopes) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
       AND NOT EXISTS (SELECT FROM app.user WHERE app.user.id = user_id AND disabled_at IS NOT NULL) LIMIT 1`,
  )
  return rows.length > 0
}

/** PostgreSQL's code for a row that is named and is not there. */
export const foreignKeyViolation = '23503'

async function unlessUserless<Result>(user: string | null, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DatabaseError && error.code === foreignKeyViolation)
      throw new ServiceError('invalidRequest', `user is ${user}, and there is no such user: POST /v1/users makes one.`)
    throw error
  }
}
