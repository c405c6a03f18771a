import type { DuckDBConnection } from '@duckdb/node-api'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { openSource } from '../ingest/open-source.ts'
import type { Source, TargetColumn } from '../ingest/source.ts'
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
  const counts = lines.length > 0 ? await insert(lake, table, target, { format: 'ndjson', paths: lines }) : undefined
  const numbers: number[] = []
  for (const source of sources) {
    const [path = ''] = source.paths
    const inserted = source.format === 'ndjson' ? counts : await insert(lake, table, target, source)
    numbers.push(inserted?.get(path) ?? 0)
  }
  return numbers
}

/** @returns how many rows each of its files has. */
async function insert(
  lake: DuckDBConnection,
  table: TableName,
  target: readonly TargetColumn[],
  source: Source,
): Promise<ReadonlyMap<string, number>> {
  const opened = await openSource(lake, source, 'nothing')
  try {
    const inserted = await lake.runAndReadAll(`INSERT INTO ${tableSql(table)} BY NAME (${opened.strictSql(target)})`)
    const rows = Number(inserted.value(0, 0))
    const [path = '', ...more] = source.paths
    if (more.length === 0) return new Map([[path, rows]])
    const { rowsOf = new Map<string, number>() } = opened
    if ([...rowsOf.values()].reduce((sum, count) => sum + count, 0) !== rows)
      throw new ServiceError('dataInvalid', 'A line of the data is no object.')
    return rowsOf
  } finally {
    await opened.close()
  }
}
