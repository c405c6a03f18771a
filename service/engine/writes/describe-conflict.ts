import type { DuckDBConnection } from '@duckdb/node-api'
import { metadataDatabase } from '../../catalog/metadata-database.ts'

/** DuckLake says what lost against what, by numbers: `attempting to delete from table with index "6" - but another transaction has inserted
 * into it`. @returns the same with the table's name */
export async function describeConflict(lake: DuckDBConnection, message: string): Promise<string> {
  const said = /Transaction conflict - ([\s\S]*)/.exec(message)?.[1] ?? message
  const number = /table with index "(\d+)"/.exec(said)?.[1]
  if (number === undefined) return said
  const reader = await lake.runAndReadAll(
    `SELECT DISTINCT table_name FROM ${metadataDatabase}.ducklake_table WHERE table_id = ${number} ORDER BY ALL LIMIT 1`,
  )
  const [name] = reader.getRows()[0] ?? []
  return name === undefined ? said : said.replaceAll(`table with index "${number}"`, `table "${name}"`)
}
