import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import type { Column } from '../messages.ts'
import { readCsvRecord } from './csv-record.ts'
import { dataError } from './data-error.ts'
import { assertColumns } from './match-columns.ts'
import { type CsvOptions, type Inference, maxCsvLineBytes } from './source.ts'

/** How a CSV file is written, and what its columns look like. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quoteMark: string
  readonly escapeMark: string
  readonly header: boolean
  readonly nullText: string
  readonly dateFormat: string | undefined
  readonly timestampFormat: string | undefined
  readonly columns: readonly Column[]
}

/** What separates fields if DuckDB sees one column only, though the head has several. */
const delimiters = [',', ';', '\t', '|'] as const

/** Finds out how a file is written. Nothing may be skipped without a word: no line is a comment, and none stands before the head.
 * @throws ServiceError dataInvalid */
export async function findDialect(
  connection: DuckDBConnection,
  path: string,
  options: CsvOptions,
  inference: Inference,
): Promise<CsvDialect> {
  const start = await beginningOf(path)
  const firstLine = start.split(/\r?\n|\r/, 1)[0] ?? ''
  if (start === '') throw new ServiceError('dataInvalid', 'The data is empty: it has no columns.')
  const header = options.header ?? true
  const sniff = async (delimiter: string | undefined) => {
    const said = [
      ...Object.entries({ delim: delimiter, quote: options.quote, escape: options.escape, nullstr: options.nullText }).flatMap(
        ([name, value]) => (value === undefined ? [] : [`${name} = ${quote(value)}`]),
      ),
      `header = ${header}`,
    ]
    return sniffed(connection, path, [...said, `sample_size = ${inference === 'whole' ? -1 : sampleRows}`])
  }
  const likely = delimiters.find(delimiter => firstLine.includes(delimiter))
  const first = await sniff(options.delimiter).catch((error: unknown) => {
    if (options.delimiter !== undefined || likely === undefined) throw dataError(error)
    return undefined
  })
  const isOne = first !== undefined && first.columns.length === 1 && options.delimiter === undefined && likely !== undefined
  const found = first === undefined || isOne ? await sniff(likely).catch(() => undefined) : first
  const delimiter = options.delimiter ?? found?.delimiter ?? likely ?? ','
  const quoteMark = options.quote ?? (found?.quote || '"')
  const escapeMark = options.escape ?? (found?.escape || quoteMark)
  const names = header
    ? readCsvRecord(start, { delimiter, quoteMark, escapeMark })
    : (found?.columns.map((_, index) => `column${index}`) ?? [])
  assertColumns(names)
  const types = found?.columns.length === names.length ? found.columns.map(({ type }) => type) : []
  return {
    delimiter,
    quoteMark,
    escapeMark,
    header,
    nullText: options.nullText ?? '',
    dateFormat: found?.dateFormat,
    timestampFormat: found?.timestampFormat,
    columns: names.map((name, index) => ({ name, type: types[index] ?? 'VARCHAR' })),
  }
}

/** Rows that types are inferred from; DuckDB's own default. */
const sampleRows = 20_480

interface Sniffed {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly dateFormat: string | undefined
  readonly timestampFormat: string | undefined
  readonly columns: readonly Column[]
}

async function sniffed(connection: DuckDBConnection, path: string, options: readonly string[]): Promise<Sniffed> {
  const always = ['ignore_errors = true', `comment = ''`, 'skip = 0']
  const reader = await connection.runAndReadAll(`
    SELECT Delimiter, Quote, Escape, DateFormat, TimestampFormat, to_json(Columns)::VARCHAR
    FROM sniff_csv(${quote(path)}, ${[...always, ...options].join(', ')})`)
  const [[delimiter, quoteMark, escapeMark, dateFormat, timestampFormat, columns] = []] = reader.getRows()
  const text = (value: unknown) => (value === null || value === undefined || value === '(empty)' ? '' : String(value))
  const list: readonly { readonly name: string; readonly type: string }[] = JSON.parse(String(columns))
  return {
    delimiter: text(delimiter),
    quote: text(quoteMark),
    escape: text(escapeMark),
    dateFormat: text(dateFormat) || undefined,
    timestampFormat: text(timestampFormat) || undefined,
    columns: list,
  }
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxCsvLineBytes), 0, maxCsvLineBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
