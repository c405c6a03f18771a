import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { quote } from '../catalog/quote.ts'
import type { Column, InlineResult, ResultEnd } from './messages.ts'
import type { OpenStatement } from './open-statement.ts'
import { partsOf } from './parts-of.ts'

/** Types of which Parquet would keep less than there is. */
const lossy = new Set([DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.INTERVAL, DuckDBTypeId.TIME_TZ, DuckDBTypeId.UNION])

/** Writes the result into a Parquet file whose columns are `c0`, `c1`, …: their names and types are in the head. What Parquet cannot hold
 * is written as text, and becomes what it was when the file is read with the types of the head. */
export async function writeKept(statement: OpenStatement, path: string): Promise<{ end: ResultEnd; inline: InlineResult }> {
  const columns = await statement.columns()
  const names = columns.map((_, index) => `c${index}`)
  const values = columns.map(({ type }, index) => (isLossy(type) ? `c${index}::VARCHAR AS c${index}` : `c${index}`))
  const rows = `SELECT ${values.join(', ')} FROM (\n${statement.sql}\n) AS result(${names.join(', ')})`
  const prepared = await statement.prepare(`COPY (${rows}) TO ${quote(path)} (FORMAT parquet, COMPRESSION snappy)`)
  const result = await prepared.run()
  const [count] = result.getChunk(0).getRows()[0] ?? []
  const head = {
    columns: columns.map(({ name, type }): Column => ({ name, type: holds(type, DuckDBTypeId.UNION) ? 'VARCHAR' : String(type) })),
    ...(statement.snapshotId !== undefined && { snapshotId: statement.snapshotId }),
  }
  return { end: { rowCount: Number(count), truncated: false }, inline: { head, rows: '[]' } }
}

function isLossy(type: DuckDBType): boolean {
  return lossy.has(type.typeId) || partsOf(type).some(isLossy)
}

function holds(type: DuckDBType, wanted: DuckDBTypeId): boolean {
  return type.typeId === wanted || partsOf(type).some(part => holds(part, wanted))
}
