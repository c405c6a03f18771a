import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { quote } from '../../service/catalog/quote.ts'
import { extensionFromWheel } from '../../service/extensions/extension-from-wheel.ts'

const folder = resolve('node_modules', '.cache', 'bench-tpch')
const database = join(folder, 'sf1.duckdb')

export const tpchTables = ['region', 'nation', 'supplier', 'customer', 'part', 'partsupp', 'orders', 'lineitem'] as const

/** Makes TPC-H's tables with scale factor 1, once. @returns its 22 queries, as DuckDB's extension has them */
export async function prepareTpch(): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true })
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  const [[version, platform] = []] = (
    await duckdb.runAndReadAll('SELECT library_version, (SELECT platform FROM pragma_platform()) FROM pragma_version()')
  ).getRows()
  const extension = join(folder, 'tpch.duckdb_extension')
  if (!existsSync(extension)) await extensionFromWheel('tpch', String(version), String(platform), extension)
  await duckdb.run(`LOAD ${quote(extension)}`)
  if (!existsSync(database)) {
    await duckdb.run(`ATTACH ${quote(`${database}.new`)} AS tpch; USE tpch; CALL dbgen(sf = 1); USE memory; DETACH tpch`)
    renameSync(`${database}.new`, database)
  }
  const queries = (await duckdb.runAndReadAll('SELECT query FROM tpch_queries() ORDER BY query_nr')).getRows()
  duckdb.closeSync()
  return queries.map(([query]) => String(query))
}

/** Copies them into a lake. */
export async function fillTpch(writer: DuckDBConnection): Promise<void> {
  await writer.run(`ATTACH ${quote(database)} AS tpch (READ_ONLY)`)
  for (const table of tpchTables) await writer.run(`CREATE TABLE lake.main.${table} AS FROM tpch.${table}`)
}
