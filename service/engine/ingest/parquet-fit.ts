import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'
import { readingData } from './data-error.ts'
import { findUntrue, type StatedColumn } from './footer-statistics.ts'
import type { TargetColumn } from './source.ts'

/** How far the statistics in a footer are believed: not before the values have been read, or because their sender vouches for them. */
export const footerTrusts = ['checked', 'trusted'] as const
export type FooterTrust = (typeof footerTrusts)[number]

/** Groups with fewer rows than this cost each scan more than their values do. */
const leastGroupRows = 10_000

const decimals = ['INT32', 'INT64', 'FIXED_LEN_BYTE_ARRAY']

/** How values of each type lie in Parquet that DuckDB writes. It reads others too, but their statistics are not always what they seem. */
const layouts: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['BOOLEAN'],
  TINYINT: ['INT32'],
  SMALLINT: ['INT32'],
  INTEGER: ['INT32'],
  BIGINT: ['INT64'],
  UTINYINT: ['INT32'],
  USMALLINT: ['INT32'],
  UINTEGER: ['INT32'],
  UBIGINT: ['INT64'],
  FLOAT: ['FLOAT'],
  DOUBLE: ['DOUBLE'],
  VARCHAR: ['BYTE_ARRAY'],
  DATE: ['INT32'],
  TIME: ['INT64'],
  TIMESTAMP: ['INT64'],
  'TIMESTAMP WITH TIME ZONE': ['INT64'],
}

/** A Parquet file that can be read, as a file of a table is to be.
 * @returns why it cannot be one as it is; undefined if it can, with its rows. */
export async function judgeParquet(
  connection: DuckDBConnection,
  path: string,
  target: readonly TargetColumn[],
  trust: FooterTrust,
): Promise<{ readonly misfit: string } | { readonly rows: number }> {
  const ask = (sql: string) => readingData(async () => (await connection.runAndReadAll(sql)).getRows())
  const file = quote(path)
  const [[rows, encryption, writer] = []] = await ask(
    `SELECT num_rows, encryption_algorithm, created_by FROM parquet_file_metadata(${file})`,
  )
  if (encryption !== null) return { misfit: 'the file is encrypted' }
  const columns = await ask(`SELECT name, type, duckdb_type FROM parquet_schema(${file}) ORDER BY column_id OFFSET 1`)
  const names = columns.map(([name]) => String(name))
  const misfit = misfitOfColumns(columns, target)
  if (misfit !== undefined) return { misfit }
  const groups = await ask(
    `SELECT any_value(row_group_num_rows) FROM parquet_metadata(${file}) GROUP BY row_group_id ORDER BY row_group_id`,
  )
  const sizes = groups.map(([size]) => Number(size))
  const [groupRows = 0] = sizes
  if (Number(rows) === 0) return { misfit: 'the file has no rows' }
  if (Number(rows) / sizes.length < leastGroupRows && sizes.length > 1)
    return { misfit: `its row groups have fewer than ${leastGroupRows} rows` }
  // In the order of the file's columns, which is that of its chunks.
  const stated = names.map((name): StatedColumn => {
    const found = target.find(each => each.name === name)
    return { name, type: found?.type ?? '', notNull: found?.notNull === true }
  })
  if (trust === 'checked') {
    if (sizes.slice(0, -1).some(size => size !== groupRows) || (sizes.at(-1) ?? 0) > groupRows)
      return { misfit: 'its row groups differ in size: then its statistics cannot be checked' }
    const [[bloomed] = []] = await ask(`SELECT path_in_schema FROM parquet_metadata(${file}) WHERE bloom_filter_offset IS NOT NULL LIMIT 1`)
    if (bloomed !== undefined) return { misfit: `column "${bloomed}" has a Bloom filter, which cannot be checked` }
    const untrue = await readingData(() => findUntrue(connection, path, stated, groupRows))
    if (untrue) return { misfit: untrue }
  } else {
    const hidden = await readingData(() => findHidden(connection, path, stated, String(writer)))
    if (hidden) return { misfit: hidden }
  }
  return { rows: Number(rows) }
}

function misfitOfColumns(columns: readonly DuckDBValue[][], target: readonly TargetColumn[]): string | undefined {
  for (const [name, layout, type] of columns) {
    const found = target.find(each => each.name === name)
    if (!found) return `the table has no column "${name}", or has it in several parts or another spelling`
    const allowed = found.type.startsWith('DECIMAL(') ? decimals : layouts[found.type]
    if (!allowed) return `column "${name}" is ${found.type}, which is always written anew`
    if (type !== found.type || !allowed.includes(String(layout)))
      return `column "${name}" is ${found.type}, the file has it as ${type ?? 'something else'} in ${layout ?? 'several parts'}`
  }
  const missing = target.find(({ name }) => !columns.some(([each]) => each === name))
  return missing && `the file has no column "${missing.name}"`
}

/** What even a footer that is true does not say, or says in a way that DuckLake takes amiss. */
async function findHidden(
  connection: DuckDBConnection,
  path: string,
  columns: readonly StatedColumn[],
  writer: string,
): Promise<string | undefined> {
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  const said = await ask(
    `SELECT column_id, bool_and(coalesce(stats_null_count = 0, false)),
      bool_or(contains(concat(stats_min, stats_max, stats_min_value, stats_max_value), chr(0)))
    FROM parquet_metadata(${quote(path)}) GROUP BY column_id ORDER BY column_id`,
  )
  for (const [index, { name, notNull }] of columns.entries()) {
    const [, isFull, holdsNul] = said[index] ?? []
    if (notNull && isFull !== true) return `column "${name}" must not be NULL, and the footer does not say that it never is`
    if (holdsNul === true) return `column "${name}" holds a NUL character`
  }
  // Most programs leave NaN out of a column's bounds, where DuckLake looks for it. DuckDB states no bounds then.
  const floats = columns.filter(({ type }) => type === 'FLOAT' || type === 'DOUBLE')
  if (floats.length === 0 || writer.startsWith('DuckDB ')) return undefined
  const counts = floats.map(({ name }) => `count(*) FILTER (isnan(${quoteName(name)}))`)
  const [found = []] = await ask(`SELECT ${counts.join(', ')} FROM read_parquet(${quote(path)})`)
  const nan = floats[found.findIndex(count => Number(count) > 0)]
  return nan && `column "${nan.name}" holds NaN`
}
