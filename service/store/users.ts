import { DatabaseError } from 'pg'
import { ServiceError } from '../errors.ts'
import { foreignKeyViolation, keepingAnAdmin } from './keys.ts'
import type { Ask, Store } from './store.ts'

/** A row of `app.user`. */
export interface StoredUser {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly createdAt: Date
  readonly createdBy: string
  readonly updatedAt: Date
  readonly disabledAt: Date | null
  /** Keys that are not revoked. */
  readonly keys: number
}

/** What may be changed later. */
export interface UserSettings {
  readonly name: string
  readonly email: string | null
  readonly disabled: boolean
}

const columns = `id, name, email, created_at AS "createdAt", created_by AS "createdBy", updated_at AS "updatedAt", disabled_at AS "disabledAt",
  (SELECT count(*)::integer FROM app.key WHERE user_id = app.user.id AND revoked_at IS NULL) AS keys`

export async function findUser(ask: Ask, id: string): Promise<StoredUser | undefined> {
  const [user] = await ask<StoredUser>(`SELECT ${columns} FROM app.user WHERE id = $1`, [id])
  return user
}

/** By name. @param after name and id of the last of the page before */
export async function listUsers(ask: Ask, limit: number, [name, id]: readonly string[] = []): Promise<StoredUser[]> {
  return ask<StoredUser>(
    `SELECT ${columns} FROM app.user WHERE $2::text IS NULL OR (name, id) > ($2, $3::uuid) ORDER BY name, id LIMIT $1`,
    [limit, name ?? null, id ?? null],
  )
}

/** @throws ServiceError conflict if another user has the e-mail address */
export async function insertUser(ask: Ask, { name, email }: Omit<UserSettings, 'disabled'>, createdBy: string): Promise<StoredUser> {
  const [user] = await unlessTaken(email, () =>
    ask<StoredUser>(`INSERT INTO app.user (name, email, created_by) VALUES ($1, $2, $3) RETURNING ${columns}`, [name, email, createdBy]),
  )
  if (!user) throw new Error('PostgreSQL returned no row for a user that it took')
  return user
}

/** @throws ServiceError notFound, or conflict if another user has the e-mail address or no administrator would be left */
export async function changeUser(store: Store, id: string, change: Partial<UserSettings>): Promise<StoredUser> {
  return keepingAnAdmin(store, async ask => {
    const [known] = await ask<StoredUser>(`SELECT ${columns} FROM app.user WHERE id = $1 FOR UPDATE`, [id])
    if (!known) throw noUser(id)
    const { name, email, disabled } = { ...known, disabled: known.disabledAt !== null, ...change }
    const [changed] = await unlessTaken(email, () =>
      ask<StoredUser>(
        `UPDATE app.user SET name = $2, email = $3, disabled_at = CASE WHEN $4 THEN coalesce(disabled_at, now()) END, updated_at = now()
         WHERE id = $1 RETURNING ${columns}`,
        [id, name, email, disabled],
      ),
    )
    return changed ?? known
  })
}

/** @throws ServiceError notFound, or conflict if a key is or was the user's: the log names keys, and they name their user */
export async function deleteUser(ask: Ask, id: string): Promise<void> {
  const rows = await ask('DELETE FROM app.user WHERE id = $1 AND NOT EXISTS (SELECT FROM app.key WHERE user_id = $1) RETURNING id', [
    id,
  ]).catch((error: unknown) => {
    // A key that was made at the same moment.
    if (error instanceof DatabaseError && error.code === foreignKeyViolation) return []
    throw error
  })
  if (rows.length > 0) return
  if (!(await findUser(ask, id))) throw noUser(id)
  throw new ServiceError('conflict', `Keys belong to the user ${id}, or did: disable the user instead, {"disabled": true}.`)
}

export function noUser(id: string): ServiceError {
  return new ServiceError('notFound', `There is no user ${id}.`)
}

/** PostgreSQL's code for a value that another row has. */
const uniqueViolation = '23505'

async function unlessTaken<Result>(email: string | null, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DatabaseError && error.code === uniqueViolation)
      throw new ServiceError('conflict', `Another user has the e-mail address ${email}.`)
    throw error
  }
}
