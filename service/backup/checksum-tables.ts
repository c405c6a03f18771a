import type { DuckDBConnection } from '@duckdb/node-api'
import type { Client } from 'pg'
import { tableSql } from '../catalog/table-name.ts'
import { StartupError } from '../startup-error.ts'
import type { LakeTable } from './manifest.ts'

/** No column is called like that, which would hide the row. */
const row = '"a row of the lake"'

/** The tables of the newest version. @param reader in the view that was dumped */
export async function tablesOf(reader: Client): Promise<{ schema: string; name: string }[]> {
  const { rows } = await reader.query<{ schema: string; name: string }>(
    `SELECT s.schema_name AS schema, t.table_name AS name FROM public.ducklake_table AS t
     JOIN public.ducklake_schema AS s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL
     WHERE t.end_snapshot IS NULL ORDER BY 1, 2`,
  )
  return rows
}

/** Counts the rows of each table as it was in a version, and takes a checksum that their order does not matter to. It reads every row
 * once, as fast as `SELECT count(DISTINCT …)` would: seconds for a gigabyte. Without checksums it reads no row.
 * @throws StartupError that names the table which cannot be read. */
export async function checksumTables(
  lake: DuckDBConnection,
  tables: readonly { readonly schema: string; readonly name: string }[],
  version: string,
  checksums: boolean,
): Promise<LakeTable[]> {
  const counted: LakeTable[] = []
  for (const { schema, name } of tables) {
    const from = `(FROM ${tableSql({ schema, name })} AT (VERSION => ${version})) AS ${row}`
    try {
      const reader = await lake.runAndReadAll(`SELECT count(*)${checksums ? `, coalesce(sum(hash(${row})), 0)::VARCHAR` : ''} FROM ${from}`)
      const [[rows, checksum] = []] = reader.getRows()
      counted.push({ schema, name, rows: Number(rows), ...(checksums && { checksum: String(checksum) }) })
    } catch (error) {
      throw new StartupError(`The table ${schema}.${name} cannot be read: ${error instanceof Error ? error.message : error}`)
    }
  }
  return counted
}

/** @throws StartupError that names the first table which is not as it was. */
export function assertTables(found: readonly LakeTable[], expected: readonly LakeTable[]): void {
  const names = ({ schema, name }: LakeTable) => `${schema}.${name}`
  const known = new Map(found.map(table => [names(table), table]))
  for (const table of expected) {
    const restored = known.get(names(table))
    if (!restored) throw new StartupError(`The table ${names(table)} is missing.`)
    if (restored.rows !== table.rows) throw new StartupError(`The table ${names(table)} has ${restored.rows} rows and not ${table.rows}.`)
    if (table.checksum !== undefined && restored.checksum !== undefined && restored.checksum !== table.checksum)
      throw new StartupError(`The table ${names(table)} has as many rows as it had, ${table.rows}, but not the same.`)
  }
}
