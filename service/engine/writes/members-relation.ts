import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import type { Column } from '../messages.ts'
import { openSource, type Source } from './source.ts'

/** The rows of several files, with a number in a column of its own that says from which they are.
 * @param numbered how that column is called, quoted. */
export async function membersRelation(
  lake: DuckDBConnection,
  sources: readonly Source[],
  target: readonly Column[],
  numbered: string,
): Promise<string> {
  // One scan of all files: each further one costs as much as a small file's rows.
  if (sources.every(({ format }) => format === 'ndjson')) {
    const paths = sources.map(({ path }) => quote(path))
    const types = target.map(({ name, type }) => `${quote(name)}: ${quote(type)}`)
    const read = `read_json([${paths.join(', ')}], format = 'newline_delimited', columns = {${types.join(', ')}}, filename = ${numbered})`
    return `SELECT * REPLACE (list_position([${paths.join(', ')}], ${numbered}) - 1 AS ${numbered}) FROM ${read}`
  }
  const parts = []
  for (const [index, source] of sources.entries())
    parts.push(`SELECT ${index} AS ${numbered}, * FROM ${(await openSource(lake, source, target)).relation}`)
  return parts.join(' UNION ALL BY NAME ')
}
