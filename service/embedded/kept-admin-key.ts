import { rmSync } from 'node:fs'
import { makeKey } from '../access/api-key.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { adoptAdminKey } from '../store/admin-key.ts'
import { Store } from '../store/store.ts'
import { keptSecret } from './kept-files.ts'

/** The administrator's key out of its file, valid. If somebody revoked it, that holds: then there is a new one. */
export async function keptAdminKey(file: string, service: CatalogLogin): Promise<string> {
  const store = new Store(service)
  try {
    for (;;) {
      const key = keptSecret(file, makeKey)
      if (await adoptAdminKey(store, key, 'admin-key')) return key
      rmSync(file)
    }
  } finally {
    await store.close()
  }
}
