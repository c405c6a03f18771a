import type { DuckDBConnection } from '@duckdb/node-api'
import type { Client } from 'pg'
import { migrateStore } from '../store/migrate-store.ts'
import { assertDataPath, assertVersion, type CatalogOption, catalogOptionsSql, inlinedBy } from './assert-catalog.ts'
import { attachSql, secretsSql, storageSettingsSql } from './attach-sql.ts'
import { withPostgres } from './connect-postgres.ts'
import { createExampleTable } from './create-example-table.ts'
import { createRoles } from './create-roles.ts'
import { grantCatalog, grantSchemas, type Roles } from './grant-access.ts'
import { installPgmq, type PgmqSource } from './install-pgmq.ts'
import type { CatalogLogin, EngineClass, LakeConnection } from './lake-connection.ts'
import { quoteName } from './quote.ts'

export interface Migration {
  /** May create roles and databases; its database is one that exists. */
  readonly administrator: CatalogLogin
  /** The gateway's own role. */
  readonly service: CatalogLogin
  readonly lake: Readonly<Record<EngineClass, LakeConnection>>
  /** Whether a new lake gets a table to try. */
  readonly example: boolean
}

/** What advisory lock keeps two migrations of one server apart; any number that nobody else takes. */
const lockNumber = 7_145_210

/** Brings a server to what the service expects: roles, database, catalog, the gateway's schema. Each step finds out by itself whether it
 * is done, so that a start after a kill goes on where the last one ended, and a second run changes nothing.
 * @throws ServiceError catalogUnfit if the catalog belongs to other files. */
export async function migrateCatalog(duckdb: DuckDBConnection, migration: Migration, pgmq: PgmqSource): Promise<void> {
  const { did } = pgmq
  const { administrator, service, lake } = migration
  const { database, user: writer } = lake.writer.catalog
  const roles: Roles = { reader: lake.reader.catalog.user, writer, maintenance: lake.maintenance.catalog.user, service: service.user }
  await withPostgres(administrator, async server => {
    // Held until the connection ends, which it also does if this process is killed.
    await server.query('SELECT pg_advisory_lock($1)', [lockNumber])
    await createRoles(server, administrator, [...Object.values(lake).map(({ catalog }) => catalog), service], did)
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (!rowCount) {
      await server.query(`CREATE DATABASE ${quoteName(database)}`)
      did(`made the database ${database}`)
    }
    await withPostgres({ ...administrator, database }, client => grantSchemas(client, roles))
    await withPostgres(lake.writer.catalog, client => migrateLake(duckdb, client, migration.lake.writer, roles, did))
    await withPostgres(service, async client => {
      await migrateStore(client, did)
      if (migration.example) await once(client, 'example-table', () => createExampleTable(duckdb))
    })
    await withPostgres({ ...administrator, database }, client => installPgmq(client, service.user, pgmq))
    await duckdb.run('DETACH lake')
  })
}

/** Makes the catalog or brings it up to date. @param database as the writer, who owns it. */
async function migrateLake(
  duckdb: DuckDBConnection,
  database: Client,
  writer: LakeConnection,
  roles: Roles,
  did: (line: string) => void,
): Promise<void> {
  const readOptions = async () => (await database.query<CatalogOption>(catalogOptionsSql('public'))).rows
  const { rows } = await database.query<{ exists: boolean }>(`SELECT to_regclass('public.ducklake_metadata') IS NOT NULL AS exists`)
  if (rows[0]?.exists) {
    assertVersion(await readOptions())
    if (writer.storage.kind === 'folder') await followFolder(database, writer.dataPath, did)
    assertDataPath(await readOptions(), writer.dataPath)
  }
  await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: true }))
  if (!rows[0]?.exists) did(`made the catalog of the files in ${writer.dataPath}`)
  if (inlinedBy(await readOptions()) !== undefined) {
    await duckdb.run(`CALL lake.set_option('data_inlining_row_limit', 0)`)
    await database.query(`UPDATE public.ducklake_metadata SET value = '0' WHERE key = 'data_inlining_row_limit'`)
    did('switched inlining off')
  }
  await grantCatalog(database, roles)
}

/** A lake in a folder may be moved with it: files are named relative to one place. */
async function followFolder(database: Client, dataPath: string, did: (line: string) => void): Promise<void> {
  const { rowCount } = await database.query(
    `UPDATE public.ducklake_metadata SET value = $1 WHERE key = 'data_path' AND scope IS NULL AND value <> $1`,
    [dataPath],
  )
  if (rowCount) did(`noted that the files have been moved to ${dataPath}`)
}

/** A step that must not come back, even when its result was deleted since. */
async function once(database: Client, name: string, step: () => Promise<void>): Promise<void> {
  const { rowCount } = await database.query('SELECT FROM app.migration WHERE name = $1', [name])
  if (rowCount) return
  await step()
  await database.query('INSERT INTO app.migration (name) VALUES ($1)', [name])
}
