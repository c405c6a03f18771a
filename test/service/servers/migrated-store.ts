import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import { migrateStore } from '../../../service/store/migrate-store.ts'
import { Store } from '../../../service/store/store.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'

export interface MigratedStore {
  readonly store: Store
  readonly postgres: PostgresServer
  remove(): Promise<void>
}

/** The gateway's own tables on a real PostgreSQL, without a lake beside them. */
export async function startMigratedStore(): Promise<MigratedStore> {
  const postgres = await startPostgresServer()
  const { administrator } = postgres
  await withPostgres(administrator, async client => {
    await client.query('CREATE SCHEMA app')
    await migrateStore(client, () => {})
  })
  const store = new Store(administrator)
  const remove = async () => {
    await store.close()
    await postgres.remove()
  }
  return { store, postgres, remove }
}
