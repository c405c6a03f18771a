import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { metadataDatabase } from '../../catalog/metadata-database.ts'

/** Where an engine sees DuckLake's own tables. */
export const catalogSchema = `${metadataDatabase}.public`

export async function readRows(lake: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await lake.runAndReadAll(sql)).getRows()
}

export async function readDataPath(lake: DuckDBConnection): Promise<string> {
  const [row] = await readRows(lake, `SELECT value FROM ${catalogSchema}.ducklake_metadata WHERE key = 'data_path' AND scope IS NULL`)
  return String(row?.[0])
}
