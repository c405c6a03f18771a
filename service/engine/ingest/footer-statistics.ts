import type { DuckDBConnection } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'

/** A column of a file without nested ones, in the file's order. */
export interface StatedColumn {
  readonly name: string
  readonly type: string
  /** It must not hold a NULL. */
  readonly notNull: boolean
}

/** Compares what a footer says of its columns with their values: bounds that are too narrow, or a wrong count of NULLs, would hide rows from
 * filters for good. NaN, which belongs above all bounds, is found by this too.
 * @param groupRows rows of each row group, but the last. @returns what is untrue, in words */
export async function findUntrue(
  connection: DuckDBConnection,
  path: string,
  columns: readonly StatedColumn[],
  groupRows: number,
): Promise<string | undefined> {
  // Without the grouping DuckDB would answer out of the footer itself.
  const values = columns.map(({ name, type }, index) => {
    const column = quoteName(name)
    const holdsNul = type === 'VARCHAR' ? `bool_or(contains(${column}, chr(0)))` : 'false'
    return `min(${column}) AS low${index}, max(${column}) AS high${index}, count(${column}) AS full${index}, ${holdsNul} AS nul${index}`
  })
  const checks = columns.map(
    (column, index) => `SELECT ${index} AS i, row_group, ${reasonAgainst(column, index)} AS reason
      FROM read JOIN said ON row_group = row_group_id WHERE column_id = ${index}`,
  )
  const found = await connection.runAndReadAll(`
    WITH read AS MATERIALIZED (
      SELECT file_row_number // ${groupRows} AS row_group, count(*) AS present, ${values.join(', ')}
      FROM read_parquet(${quote(path)}, file_row_number = true) GROUP BY row_group),
    said AS MATERIALIZED (
      SELECT row_group_id, column_id, stats_null_count, stats_min, stats_max, stats_min_value, stats_max_value
      FROM parquet_metadata(${quote(path)}))
    SELECT i, row_group, reason FROM (${checks.join(' UNION ALL ')}) WHERE reason IS NOT NULL ORDER BY i, row_group LIMIT 1`)
  const [first] = found.getRows()
  return first && `column "${columns[Number(first[0])]?.name}" ${first[2]}, in row group ${first[1]}`
}

function reasonAgainst({ type, notNull }: StatedColumn, index: number): string {
  const outside = [
    ...['stats_min', 'stats_min_value'].map(bound => beyond(bound, type, `<= low${index}`)),
    ...['stats_max', 'stats_max_value'].map(bound => beyond(bound, type, `>= high${index}`)),
  ]
  return `CASE WHEN nul${index} THEN 'holds a NUL character'
    WHEN ${notNull} AND full${index} < present THEN 'must not be NULL, and is'
    WHEN coalesce(stats_null_count, present - full${index}) <> present - full${index} THEN 'has another number of NULLs than the footer says'
    WHEN ${outside.join(' OR ')} THEN 'holds values outside of the bounds that the footer says'
  END`
}

/** A text that is no UTF-8 is shown with escapes: its bytes may stand elsewhere in the order. */
function beyond(bound: string, type: string, holds: string): string {
  const readable = type === 'VARCHAR' ? `NOT contains(${bound}, '\\x') AND ` : ''
  return `(${bound} IS NOT NULL AND NOT coalesce(${readable}TRY_CAST(${bound} AS ${type}) ${holds}, false))`
}
