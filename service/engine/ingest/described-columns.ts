import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '../messages.ts'

/** The columns that DuckDB finds in a relation, in its order. */
export async function describedColumns(connection: DuckDBConnection, relation: string): Promise<Column[]> {
  const described = await connection.runAndReadAll(`DESCRIBE FROM ${relation}`)
  return described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
}
