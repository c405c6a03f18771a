import type { DuckDBConnection } from '@duckdb/node-api'
import { Client } from 'pg'
import { StartupError } from '../startup-error.ts'
import { attachSql } from './attach-sql.ts'
import { createExampleTable } from './create-example-table.ts'
import { createRoles } from './create-roles.ts'
import type { LakeConnection } from './lake-connection.ts'
import { quoteName } from './quote.ts'

export interface Migration {
  /** May create roles and databases. */
  readonly administrator: LakeConnection['catalog']
  readonly writer: LakeConnection
  readonly reader: LakeConnection
}

/** Brings a database to what the service expects: roles, catalog, example table. Each step finds out by itself whether it is done,
 * so that a start after a kill goes on where the last one ended. @throws StartupError if the catalog belongs to other files. */
export async function migrateCatalog(duckdb: DuckDBConnection, { administrator, writer, reader }: Migration): Promise<void> {
  const server = new Client(administrator)
  await server.connect()
  try {
    await createRoles(server, { writer: writer.catalog, reader: reader.catalog })
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [writer.catalog.database])
    if (!rowCount) await server.query(`CREATE DATABASE ${quoteName(writer.catalog.database)} OWNER ${quoteName(writer.catalog.user)}`)
  } finally {
    await server.end()
  }

  const database = new Client(writer.catalog)
  await database.connect()
  try {
    await assertDataPath(database, writer.dataPath)
    // What the writer makes later, the reader may read: DuckLake adds tables to its catalog as it goes.
    await database.query(`GRANT USAGE ON SCHEMA public TO ${quoteName(reader.catalog.user)};
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${quoteName(reader.catalog.user)};`)
    await duckdb.run(attachSql(writer, { readOnly: false, create: true }))
    await duckdb.run(`CALL lake.set_option('data_inlining_row_limit', 0)`)
    await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${quoteName(reader.catalog.user)};
      CREATE SCHEMA IF NOT EXISTS app;
      CREATE TABLE IF NOT EXISTS app.migration (name text PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now());`)
    await once(database, 'example-table', () => createExampleTable(duckdb))
    await duckdb.run('DETACH lake')
  } finally {
    await database.end()
  }
}

/** A step that must not come back, even when its result was deleted since. */
async function once(database: Client, name: string, step: () => Promise<void>): Promise<void> {
  const { rowCount } = await database.query('SELECT FROM app.migration WHERE name = $1', [name])
  if (rowCount) return
  await step()
  await database.query('INSERT INTO app.migration (name) VALUES ($1)', [name])
}

/** With another path every file would be missing, and DuckLake's own words do not say what to do. */
async function assertDataPath(database: Client, dataPath: string): Promise<void> {
  const { rows: found } = await database.query<{ exists: boolean }>(`SELECT to_regclass('public.ducklake_metadata') IS NOT NULL AS exists`)
  if (!found[0]?.exists) return
  const { rows } = await database.query<{ value: string }>(
    `SELECT value FROM public.ducklake_metadata WHERE key = 'data_path' AND scope IS NULL`,
  )
  const known = rows[0]?.value
  if (known !== undefined && known !== dataPath) {
    throw new StartupError(
      `The catalog's files lie in ${known}, this start expects them in ${dataPath}: move the folder back, or start with the LAKE_DIR that it was made with.`,
    )
  }
}
