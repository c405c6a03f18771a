import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { openSource } from '../ingest/open-source.ts'
import { maxJsonBytes, type Source, type TargetColumn } from '../ingest/source.ts'
import type { Session } from '../open-statement.ts'

/** Inserts the rows of several sources in the open transaction: all of NDJSON by one statement, so that they come to lie in one file.
 * @returns how many each has, in their order. @throws ServiceError dataInvalid, or DuckDB's own error, if one of them does not fit */
export async function insertMembers(
  { lake }: Session,
  table: TableName,
  target: readonly TargetColumn[],
  sources: readonly Source[],
): Promise<readonly number[]> {
  const lines = sources.filter(({ format }) => format === 'ndjson').flatMap(({ paths }) => paths)
  const counts = new Map<string, number>()
  if (lines.length > 0) {
    await insert(lake, table, target, { format: 'ndjson', paths: lines })
    for (const [path, count] of await countLines(lake, lines)) counts.set(path, count)
  }
  const numbers: number[] = []
  for (const source of sources) {
    const [path = ''] = source.paths
    numbers.push(source.format === 'ndjson' ? (counts.get(path) ?? 0) : await insert(lake, table, target, source))
  }
  return numbers
}

async function insert(lake: DuckDBConnection, table: TableName, target: readonly TargetColumn[], source: Source): Promise<number> {
  const opened = await openSource(lake, source, 'nothing')
  try {
    const inserted = await lake.runAndReadAll(`INSERT INTO ${tableSql(table)} BY NAME (${opened.strictSql(target)})`)
    return Number(inserted.value(0, 0))
  } finally {
    await opened.close()
  }
}

async function countLines(lake: DuckDBConnection, paths: readonly string[]): Promise<readonly (readonly [string, number])[]> {
  const counted = await lake.runAndReadAll(`SELECT filename, count(*) FROM read_json([${paths.map(quote).join(', ')}],
    format = 'newline_delimited', records = false, columns = {'json': 'JSON'}, maximum_object_size = ${maxJsonBytes}, filename = true)
    GROUP BY filename`)
  return counted.getRows().map(([path, count]) => [String(path), Number(count)])
}
