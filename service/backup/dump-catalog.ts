import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { quote, quoteName } from '../catalog/quote.ts'
import type { FileStore } from '../files/file-store.ts'
import { createStatements } from './create-statements.ts'
import { type DumpedTable, type Manifest, tablePath } from './manifest.ts'
import { Meter } from './meter.ts'

/** DuckLake's tables: everything in them is made from what is read here. Those of `app` and of the queue are made by migrations. */
const catalogSchema = 'public'
const ownSchemas = ['app', 'pgmq'] as const

/** What the dump says of itself. */
export type Dump = Pick<Manifest, 'catalog' | 'sequences' | 'migrations'>

/** One view of the database for two roles: neither may read the other's tables, and the backup needs no administrator. */
export interface CatalogView {
  /** May read DuckLake's tables. */
  readonly reader: Client
  /** May read the gateway's. */
  readonly service: Client
}

/** Opens a view in which nothing changes any more, whatever is committed meanwhile. */
export async function withCatalogView<Result>(
  reader: CatalogLogin,
  service: CatalogLogin,
  work: (view: CatalogView) => Promise<Result>,
): Promise<Result> {
  return withPostgres(service, async serviceClient => {
    await serviceClient.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows } = await serviceClient.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
    return withPostgres(reader, async readerClient => {
      await readerClient.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      await readerClient.query(`SET TRANSACTION SNAPSHOT ${quote(rows[0]?.id ?? '')}`)
      return work({ reader: readerClient, service: serviceClient })
    })
  })
}

/** Writes every table of the catalog and of the gateway into the store, one file each. By COPY and not by pg_dump: the embedded lake's
 * PostgreSQL comes without it, and rows and checksum of each table are known this way. */
export async function dumpCatalog({ reader, service }: CatalogView, id: string, store: FileStore): Promise<Dump> {
  const catalog: DumpedTable[] = []
  for (const [client, schemas] of [
    [reader, [catalogSchema]],
    [service, ownSchemas],
  ] as const) {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      'SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname = ANY ($1) ORDER BY schemaname, tablename',
      [schemas],
    )
    for (const table of tables) catalog.push(await dumpTable(client, table, id, store))
  }
  const { rows: sequences } = await service.query<Dump['sequences'][number]>(
    `SELECT schemaname AS schema, sequencename AS name, last_value::text AS value FROM pg_sequences
     WHERE schemaname = ANY ($1) AND last_value IS NOT NULL ORDER BY schemaname, sequencename`,
    [ownSchemas],
  )
  const { rows: migrations } = await service.query<{ name: string }>(
    `SELECT name FROM app.migration WHERE name LIKE '%.sql' ORDER BY done_at, name`,
  )
  return { catalog, sequences, migrations: migrations.map(({ name }) => name) }
}

async function dumpTable(client: Client, table: { schema: string; name: string }, id: string, store: FileStore): Promise<DumpedTable> {
  const columns = await columnsOf(client, table)
  const create = table.schema === catalogSchema ? await createStatements(client, table) : []
  const names = columns.map(quoteName).join(', ')
  const copy = client.query(copyTo(`COPY ${quoteName(table.schema)}.${quoteName(table.name)} (${names}) TO STDOUT`))
  const meter = new Meter()
  await Promise.all([pipeline(copy, createGzip(), meter), store.write(tablePath(id, table), meter)])
  return { ...table, columns, create, rows: copy.rowCount, bytes: meter.bytes, sha256: meter.sha256 }
}

/** Generated columns cannot be copied back. */
async function columnsOf(client: Client, { schema, name }: { schema: string; name: string }): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.attname AS name FROM pg_attribute AS a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attgenerated = '' ORDER BY a.attnum`,
    [`${quoteName(schema)}.${quoteName(name)}`],
  )
  return rows.map(({ name: column }) => column)
}
