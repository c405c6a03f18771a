import { hashKey, idOfKey, makeKey } from '../access/api-key.ts'
import { StartupError } from '../startup-error.ts'
import { findKey, hasAdmin, insertKey } from './keys.ts'
import type { Store } from './store.ts'

/** Makes a key valid that somebody else keeps: a file, or a Secret of the cluster.
 * @returns false if it was revoked, has expired or is no administrator's any more: then it stays so. */
export async function adoptAdminKey(store: Store, key: string, keeper: string): Promise<boolean> {
  const id = idOfKey(key)
  if (!id) throw new StartupError(`The admin key of ${keeper} has not the form dl_<12 hexadecimal digits>_<48 hexadecimal digits>.`)
  return store.transaction(async ask => {
    await ask('LOCK TABLE app.key IN SHARE ROW EXCLUSIVE MODE')
    const known = await findKey(ask, id)
    if (known) {
      const expired = known.expiresAt !== null && known.expiresAt.getTime() <= Date.now()
      return !known.revokedAt && !known.userDisabledAt && !expired && known.scopes.includes('admin') && known.hash.equals(hashKey(key))
    }
    // The one that it replaces is not kept anywhere any more.
    await ask('UPDATE app.key SET revoked_at = now() WHERE created_by = $1 AND revoked_at IS NULL', [keeper])
    await insertAdmin(ask, key, id, keeper)
    return true
  })
}

/** Makes the first key of a lake. @returns nothing if there is an administrator already */
export async function firstAdminKey(store: Store): Promise<string | undefined> {
  return store.transaction(async ask => {
    await ask('LOCK TABLE app.key IN SHARE ROW EXCLUSIVE MODE')
    if (await hasAdmin(ask)) return undefined
    const key = makeKey()
    await insertAdmin(ask, key, idOfKey(key) ?? '', 'migrate')
    return key
  })
}

async function insertAdmin(ask: Parameters<typeof insertKey>[0], key: string, id: string, createdBy: string): Promise<void> {
  const admin = { name: 'admin', scopes: ['admin'], grants: null, limits: {}, expiresAt: null, user: null } as const
  await insertKey(ask, { id, hash: hashKey(key), createdBy, ...admin })
}
