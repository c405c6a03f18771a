import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../../service/catalog/attach-sql.ts'
import type { LakeConnection } from '../../../service/catalog/lake-connection.ts'
import { quote } from '../../../service/catalog/quote.ts'
import { extensionFromWheel } from '../../../service/extensions/extension-from-wheel.ts'
import { loadExtensions } from '../../../service/extensions/load-extensions.ts'

export const tables = ['region', 'nation', 'supplier', 'customer', 'part', 'partsupp', 'orders', 'lineitem'] as const

/** A DuckDB with the data of TPC-H in memory and a lake attached as `lake`, as its writer. @param folder for the extension */
export async function openTpch(folder: string, writer: LakeConnection, scale: number): Promise<DuckDBConnection> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  const [[version] = [], [platform] = []] = [await rowsOf(duckdb, 'SELECT version()'), await rowsOf(duckdb, 'PRAGMA platform')].map(
    rows => rows[0] ?? [],
  )
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'tpch.duckdb_extension')
  await extensionFromWheel('tpch', String(version), String(platform), file)
  await duckdb.run(`LOAD ${quote(file)}`)
  await duckdb.run(`CALL dbgen(sf => ${scale})`)
  await loadExtensions(duckdb, writer.extensionDir)
  await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
  return duckdb
}

/** The 22 questions, in the order of their numbers. */
export async function questions(duckdb: DuckDBConnection): Promise<string[]> {
  return (await rowsOf(duckdb, 'SELECT query FROM tpch_queries() ORDER BY query_nr')).map(([query]) =>
    String(query).trim().replace(/;$/, ''),
  )
}

export async function rowsOf(duckdb: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const reader = await duckdb.runAndReadAll(sql)
  return reader.getRows().map(row => row.map(value => (value === null ? null : String(value))))
}
