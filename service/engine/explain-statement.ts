import type { InlineResult, ResultEnd } from './messages.ts'
import type { OpenStatement } from './open-statement.ts'
import { readPlan } from './read-plan.ts'

/** Asks DuckDB how it would run a statement, or how it did. The result's one value is the plan, as JSON.
 * @param analyze runs it too, and counts; its rows are thrown away. */
export async function explainStatement(statement: OpenStatement, analyze: boolean): Promise<{ end: ResultEnd; inline: InlineResult }> {
  const options = analyze ? 'ANALYZE, FORMAT json' : 'FORMAT json'
  const prepared = await statement.prepare(`EXPLAIN (${options}) SELECT * FROM (\n${statement.sql}\n)`).catch(async (error: unknown) => {
    // In the caller's own text the error has its place.
    await statement.columnNames()
    throw error
  })
  const result = await prepared.run()
  const [, text] = result.getChunk(0).getRows()[0] ?? []
  const head = { columns: [], ...(statement.snapshotId !== undefined && { snapshotId: statement.snapshotId }) }
  return { end: { rowCount: 0, truncated: false }, inline: { head, rows: JSON.stringify(readPlan(JSON.parse(String(text)))) } }
}
