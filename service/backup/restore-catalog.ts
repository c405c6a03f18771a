import { readFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { withPostgres } from '../catalog/connect-postgres.ts'
import { createRoles } from '../catalog/create-roles.ts'
import { grantCatalog, grantSchemas, type Roles } from '../catalog/grant-access.ts'
import { installPgmq } from '../catalog/install-pgmq.ts'
import type { CatalogLogin, EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import { quoteName } from '../catalog/quote.ts'
import { pgmqSql } from '../extensions/pgmq-sql.ts'
import type { FileStore } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { type DumpedTable, type Manifest, tablePath } from './manifest.ts'

const migrations = new URL('../store/migrations/', import.meta.url)

/** What a catalog is restored into. */
export interface CatalogTarget {
  /** May make roles and databases; its own database is one that exists. */
  readonly administrator: CatalogLogin
  readonly service: CatalogLogin
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
}

/** @throws StartupError if there is a catalog, or something of the gateway, in the target's database. */
export async function assertNoCatalog({ administrator, connections }: CatalogTarget): Promise<void> {
  const { database } = connections.writer.catalog
  const found = await withPostgres(administrator, server => server.query('SELECT FROM pg_database WHERE datname = $1', [database]))
  if (!found.rowCount) return
  const { rows } = await withPostgres({ ...administrator, database }, client =>
    client.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'app') LIMIT 1`,
    ),
  )
  if (rows[0])
    throw new StartupError(`The database ${database} is not empty, it has ${rows[0].name}: restore into another, or drop that one first.`)
}

/** Makes the database, its roles and every table of the dump, whole or not at all. @param from where the backup is
 * @throws StartupError that names the table which is not what the manifest says. */
export async function restoreCatalog(
  target: CatalogTarget,
  manifest: Manifest,
  from: FileStore,
  say: (line: string) => void,
): Promise<void> {
  const { administrator, service, connections } = target
  const { database, user: writer } = connections.writer.catalog
  const roles: Roles = {
    reader: connections.reader.catalog.user,
    writer,
    maintenance: connections.maintenance.catalog.user,
    service: service.user,
  }
  await withPostgres(administrator, async server => {
    await createRoles(server, administrator, [...Object.values(connections).map(({ catalog }) => catalog), service], () => {})
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [database])
    if (!rowCount) await server.query(`CREATE DATABASE ${quoteName(database)}`)
  })
  const queues = manifest.catalog.filter(({ schema, rows }) => schema === 'pgmq' && rows > 0)
  await withPostgres({ ...administrator, database }, async client => {
    await grantSchemas(client, roles)
    await inTransaction(client, async () => {
      await as(client, writer, () => makeTables(client, manifest))
      await as(client, service.user, () => migrate(client, manifest))
      for (const table of manifest.catalog.filter(({ schema }) => schema !== 'pgmq')) await fill(client, table, manifest, from)
      await adjust(client, manifest, connections.writer.dataPath)
      await as(client, writer, () => grantCatalog(client, roles))
    })
    if (!queues.some(({ name }) => name === 'meta')) return
    const sql = () => pgmqSql(connections.reader.extensionDir, say)
    await installPgmq(client, service.user, { sql, say, did: () => {} })
    await assertPgmq(client, queues, database)
    await inTransaction(client, () => fillQueues(client, service.user, queues, manifest, from))
  })
}

/** Its installation has said why it could not be: other lakes do without. */
async function assertPgmq(client: Client, tables: readonly DumpedTable[], database: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('pgmq.meta') IS NOT NULL AS there`)
  if (rows[0]?.there) return
  const messages = tables.reduce((sum, { name, rows: count }) => sum + (name.startsWith('q_') ? count : 0), 0)
  throw new StartupError(
    `The lake is restored but for ${messages} messages of its queues, since PGMQ is missing: drop the database ${database} and restore again once it can be installed.`,
  )
}

async function makeTables(client: Client, { catalog }: Manifest): Promise<void> {
  for (const { create } of catalog) for (const statement of create) await client.query(statement)
}

/** The same migrations as in the lake that was saved; a newer program does its own at its next start. */
async function migrate(client: Client, manifest: Manifest): Promise<void> {
  await client.query('CREATE TABLE app.migration (name text PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())')
  for (const name of manifest.migrations) {
    let sql: string
    try {
      sql = readFileSync(new URL(name, migrations), 'utf8')
    } catch {
      throw new StartupError(
        `The backup ${manifest.id} is of a program with ${name}, which this one does not know: use that one, or a newer.`,
      )
    }
    await client.query(sql)
  }
}

async function fill(client: Client, table: DumpedTable, { id }: Manifest, from: FileStore): Promise<void> {
  const name = `${table.schema}.${table.name}`
  const target = `${quoteName(table.schema)}.${quoteName(table.name)}`
  // A migration may have put rows in it.
  await client.query(`DELETE FROM ${target}`)
  const copy = client.query(copyFrom(`COPY ${target} (${table.columns.map(quoteName).join(', ')}) FROM STDIN`))
  try {
    await pipeline(await from.read(tablePath(id, table)), createGunzip(), copy)
  } catch (error) {
    throw new StartupError(`The table ${name} of the backup ${id} cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
  if (copy.rowCount !== table.rows)
    throw new StartupError(`The table ${name} of the backup ${id} has ${copy.rowCount} rows and not ${table.rows}.`)
}

/** What was true of the lake that was saved only. */
async function adjust(client: Client, { sequences, dataPath: before }: Manifest, dataPath: string): Promise<void> {
  for (const { schema, name, value } of sequences.filter(({ schema: of }) => of !== 'pgmq'))
    await client.query('SELECT setval($1::regclass, $2)', [`${quoteName(schema)}.${quoteName(name)}`, value])
  await client.query(`UPDATE public.ducklake_metadata SET value = $1 WHERE key = 'data_path' AND scope IS NULL`, [dataPath])
  for (const table of ['data_file', 'delete_file', 'table', 'schema', 'files_scheduled_for_deletion'])
    await client.query(
      `UPDATE public.ducklake_${table} SET path = $1 || substr(path, length($2) + 1) WHERE NOT path_is_relative AND starts_with(path, $2)`,
      [dataPath, before],
    )
  await client.query('DELETE FROM app.maintenance_pause')
  await client.query(`UPDATE app.maintenance_run SET state = 'failed', ended_at = now(), error = $1 WHERE state = 'running'`, [
    JSON.stringify({ code: 'engineLost', detail: 'It ran when the backup was made that the lake was restored from.' }),
  ])
}

/** PGMQ makes the tables of its queues itself. */
async function fillQueues(
  client: Client,
  service: string,
  tables: readonly DumpedTable[],
  manifest: Manifest,
  from: FileStore,
): Promise<void> {
  const meta = tables.find(({ name }) => name === 'meta')
  if (!meta) return
  await fill(client, meta, manifest, from)
  const { rows } = await client.query<{ name: string }>('DELETE FROM pgmq.meta RETURNING queue_name AS name')
  await as(client, service, async () => {
    for (const { name } of rows) await client.query('SELECT pgmq.create($1)', [name])
  })
  for (const table of tables) await fill(client, table, manifest, from)
  for (const { name, value } of manifest.sequences.filter(({ schema }) => schema === 'pgmq'))
    await client.query('SELECT setval($1::regclass, $2)', [`pgmq.${quoteName(name)}`, value])
}

async function as(client: Client, role: string, work: () => Promise<void>): Promise<void> {
  await client.query(`SET LOCAL ROLE ${quoteName(role)}`)
  await work()
  await client.query('RESET ROLE')
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN')
  try {
    // References between tables hold in the dump as a whole, not after each table.
    await client.query('SET LOCAL session_replication_role = replica')
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
