import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteName } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import { encodeJson } from '../encode-json.ts'
import type { Column } from '../messages.ts'
import { sameName } from '../same-name.ts'
import type { CsvDialect } from './csv-dialect.ts'
import { readingData } from './data-error.ts'
import { openSource } from './open-source.ts'
import type { OpenSource, Source } from './source.ts'

/** What is to be looked at, and how many rows are shown. */
export interface DescribeOrder {
  readonly source: Source
  readonly rows: number
}

export interface Description {
  readonly columns: readonly Column[]
  /** How a CSV file is written. */
  readonly dialect?: CsvDialect
  /** The first rows, with values as in JSON results; rows that cannot be read are left out. */
  readonly rows: readonly (readonly unknown[])[]
}

/** Bytes of the rows that are shown, as text. Parquet packs a text of megabytes a thousand times into some kilobytes. */
const maxShownBytes = 4_194_304

/** What a source holds, as far as its first rows show. @throws ServiceError dataInvalid */
export async function describeSource(connection: DuckDBConnection, source: Source, rows: number): Promise<Description> {
  const opened = await openSource(connection, source)
  try {
    const { columns, dialect } = opened
    return { columns, rows: await firstRows(connection, opened, columns, rows), ...(dialect && { dialect }) }
  } finally {
    await opened.close()
  }
}

/** The first rows up to where they get too long. @param columns with the types that they are to be shown in. */
export async function firstRows(
  connection: DuckDBConnection,
  opened: OpenSource,
  columns: readonly Column[],
  rows: number,
): Promise<readonly (readonly unknown[])[]> {
  return readingData(async () => {
    // Rows as a whole, under a name that none of their columns has.
    const [row, bytes] = [quoteName(randomUUID()), quoteName(randomUUID())]
    const reader = await connection.runAndReadAll(`
      SELECT unnest(${row}) FROM (
        SELECT ${row}, sum(strlen(${row}::VARCHAR)) OVER (ROWS UNBOUNDED PRECEDING) AS ${bytes}
        FROM (SELECT ${row} FROM (${opened.acceptedSql(columns)}) AS ${row} LIMIT ${rows}))
      WHERE ${bytes} <= ${maxShownBytes}`)
    const names = reader.columnNames().map(sameName)
    const places = columns.map(({ name }) => names.indexOf(sameName(name)))
    return reader.getRows().map(row => places.map(place => (place < 0 ? null : encodeJson(row[place] ?? null))))
  })
}

/** The type that a text names, in DuckDB's own spelling: only that may stand in a statement.
 * @throws ServiceError dataInvalid if there is no such type */
export async function typeNamed(connection: DuckDBConnection, text: string): Promise<string> {
  try {
    const named = `'${JSON.stringify(text).replaceAll("'", "''")}'`
    const [[, type] = []] = (await connection.runAndReadAll(`DESCRIBE SELECT from_json('{}'::JSON, ${named})`)).getRows()
    return String(type)
  } catch {
    throw new ServiceError('dataInvalid', `There is no type "${text.slice(0, 100)}".`)
  }
}
