import type { DuckDBConnection } from '@duckdb/node-api'
import { encodeJson } from './encode-json.ts'
import { gateSql } from './gate-sql.ts'

export interface Query {
  readonly sql: string
  readonly maxRows: number
  readonly queryId: string
}

/** Runs one statement that the gate lets through. @returns the body of the answer as JSON text. */
export async function runQuery(lake: DuckDBConnection, { sql, maxRows, queryId }: Query): Promise<string> {
  const started = performance.now()
  const statement = await gateSql(lake, sql)
  // From the caller's own text, so that an error's position fits it; and for the column names, of which two may be the same.
  const prepared = await lake.prepare(sql)
  const columns = Array.from({ length: prepared.columnCount }, (_, index) => ({
    name: prepared.columnName(index),
    type: prepared.columnType(index).toString(),
  }))
  prepared.destroySync()

  // One row more than asked for tells whether there are more. In one transaction with the snapshot's number, which is what was read.
  await lake.run('BEGIN')
  try {
    const [snapshot] = (await lake.runAndReadAll('FROM lake.current_snapshot()')).getRows()
    const names = columns.map((_, index) => `c${index}`).join(', ')
    const result = await lake.run(`SELECT * FROM (\n${statement}\n) AS result(${names}) LIMIT ${maxRows + 1}`)
    const rows: string[] = []
    for (let chunk = 0; chunk < result.chunkCount; chunk += 1) {
      for (const row of result.getChunk(chunk).getRows()) rows.push(JSON.stringify(row.map(encodeJson)))
    }
    const truncated = rows.length > maxRows
    if (truncated) rows.pop()
    const head = { queryId, snapshotId: String(snapshot?.[0]), columns }
    const tail = { rowCount: rows.length, truncated, elapsedMs: Math.round(performance.now() - started) }
    return `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join(',')}],${JSON.stringify(tail).slice(1)}`
  } finally {
    await lake.run('ROLLBACK')
  }
}
