import { randomUUID } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'
import type { RejectedRow } from '../../errors.ts'
import { linesAt } from '../../spool/lines-at.ts'
import { type CsvDialect, findDialect } from './csv-dialect.ts'
import { readingData } from './data-error.ts'
import { findLines } from './line-numbers.ts'
import { matchColumns } from './match-columns.ts'
import { maxCsvLineBytes, type Opener, type OpenSource, type Rejects, shownLength, type TargetColumn } from './source.ts'

/** Columns that a row may have beyond those of the head and still be counted as one row. */
const spareColumns = 1_000

/** CSV in UTF-8. */
export const openCsv: Opener = async (connection, { paths, csv = {} }, inference) => {
  const [path, ...more] = paths
  if (path === undefined || more.length > 0) throw new Error('CSV is read from one file')
  const dialect = await findDialect(connection, path, csv, inference)
  return new CsvSource(connection, path, dialect)
}

class CsvSource implements OpenSource {
  readonly columns

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly path: string,
    readonly dialect: CsvDialect,
  ) {
    this.columns = dialect.columns
  }

  strictSql(target: readonly TargetColumn[]): string {
    return this.sql(target, '')
  }

  acceptedSql(target: readonly TargetColumn[]): string {
    const required = this.matches(target).flatMap(({ target: each }) => (each.required ? [`${quoteName(each.name)} IS NOT NULL`] : []))
    const rows = this.sql(target, ', ignore_errors = true')
    return required.length > 0 ? `SELECT * FROM (${rows}) WHERE ${required.join(' AND ')}` : rows
  }

  async findRejects(target: readonly TargetColumn[], keep: number): Promise<Rejects> {
    return readingData(async () => {
      const accepted = await this.count(`SELECT count(*), count(COLUMNS(*)) FROM (${this.acceptedSql(target)})`)
      const total = Math.max(await this.countAll(), accepted)
      const count = total - accepted
      return { total, count, first: count > 0 ? await this.firstRejects(target, keep) : [] }
    })
  }

  async close(): Promise<void> {}

  private matches(target: readonly TargetColumn[]) {
    // Without a head, the columns are the table's, one after the other.
    const names = this.dialect.header ? this.columns.map(({ name }) => name) : target.slice(0, this.columns.length).map(({ name }) => name)
    return matchColumns(names, target)
  }

  private sql(target: readonly TargetColumn[], options: string): string {
    const matches = this.matches(target)
    const selected = matches.map(({ source, target: { name } }) => `${quoteName(source)} AS ${quoteName(name)}`)
    const types = matches.map(({ source, target: { type } }): [string, string] => [source, type])
    return `SELECT ${selected.join(', ')} FROM ${this.read(types, options)}`
  }

  private read(types: readonly (readonly [string, string])[], options: string): string {
    const { delimiter, quoteMark, escapeMark, header, nullText, dateFormat, timestampFormat } = this.dialect
    const formats = [
      ...(dateFormat === undefined ? [] : [`dateformat = ${quote(dateFormat)}`]),
      ...(timestampFormat === undefined ? [] : [`timestampformat = ${quote(timestampFormat)}`]),
    ].map(text => `, ${text}`)
    return `read_csv(${quote(this.path)}, auto_detect = false, header = ${header}, delim = ${quote(delimiter)}, quote = ${quote(quoteMark)},
      escape = ${quote(escapeMark)}, nullstr = ${quote(nullText)}, comment = '', skip = 0, max_line_size = ${maxCsvLineBytes}${formats.join('')},
      columns = {${types.map(([name, type]) => `${quote(name)}: ${quote(type)}`).join(', ')}}${options})`
  }

  /** Counts records, whatever is in them: nothing is converted, and a row may be too short or too long. */
  private countAll(): Promise<number> {
    const columns = [...this.columns, ...Array.from({ length: spareColumns })].map((_, index): [string, string] => [`c${index}`, 'VARCHAR'])
    const rows = this.read(columns, ', null_padding = true, strict_mode = false, ignore_errors = true, parallel = false')
    return this.count(`SELECT count(*) FROM ${rows}`)
  }

  private async count(sql: string): Promise<number> {
    const [[count] = []] = (await this.connection.runAndReadAll(sql)).getRows()
    return Number(count)
  }

  /** DuckDB's own list of what it could not read. Read by several threads it does not hold the first ones, by one thread not a quote that is
   * open at the end. */
  private async firstRejects(target: readonly TargetColumn[], keep: number): Promise<readonly RejectedRow[]> {
    for (const parallel of [false, true]) {
      const rejects = await this.storedRejects(target, keep, parallel)
      if (rejects.length > 0) return rejects
    }
    return this.emptyRejects(target, keep)
  }

  private async storedRejects(target: readonly TargetColumn[], keep: number, parallel: boolean): Promise<readonly RejectedRow[]> {
    const name = randomUUID().replaceAll('-', '')
    const [table, scans] = [`rejects_${name}`, `scans_${name}`]
    const stored = `, store_rejects = true, rejects_table = '${table}', rejects_scan = '${scans}', rejects_limit = ${keep}, parallel = ${parallel}`
    try {
      await this.connection.run(`SELECT count(COLUMNS(*)) FROM (${this.sql(target, stored)})`)
      const found = await this.connection.runAndReadAll(`
        SELECT line_byte_position - 1 + strlen(csv_line) - strlen(ltrim(csv_line, chr(10) || chr(13))) AS place, column_name,
          left(ltrim(csv_line, chr(10) || chr(13)), ${shownLength}), error_type, error_message
        FROM ${table} ORDER BY place, column_idx LIMIT ${keep}`)
      const lines = await linesAt(
        this.path,
        found.getRows().map(([place]) => Number(place)),
      )
      const targets = new Map(this.matches(target).map(({ source, target: each }) => [source, each]))
      return found.getRows().map(([, column, text, kind, message], index) => ({
        line: lines[index] ?? 0,
        ...rejectOf({ text: String(text), kind: String(kind), message: String(message) }, targets.get(String(column))),
      }))
    } finally {
      for (const each of [table, scans]) await this.connection.run(`DROP TABLE IF EXISTS temp.main.${each}`)
    }
  }

  /** Rows without a value in a column that must have one. DuckDB's reader does not tell their lines, only their order. */
  private async emptyRejects(target: readonly TargetColumn[], keep: number): Promise<readonly RejectedRow[]> {
    const required = this.matches(target).filter(({ target: each }) => each.required)
    if (required.length === 0) return []
    const empty = required.map(({ target: { name } }) => `CASE WHEN ${quoteName(name)} IS NULL THEN ${quote(name)} END`)
    const rows = this.sql(target, ', parallel = false')
    const found = await this.connection.runAndReadAll(`
      SELECT row, coalesce(${empty.join(', ')}) AS name FROM (SELECT row_number() OVER () AS row, * FROM (${rows})) WHERE name IS NOT NULL LIMIT ${keep}`)
    const head = this.dialect.header ? 1 : 0
    const rejected = found.getRows().map(([row, column]) => ({ record: Number(row) + head, column: String(column) }))
    const lines = await findLines(
      this.path,
      rejected.map(({ record }) => record),
      this.dialect.quoteMark,
    )
    return rejected.map(({ record, column }) => ({ line: lines.get(record)?.line ?? record, column, reason: 'must not be NULL' }))
  }
}

/** DuckDB's words for what is wrong with a line, in ours. */
function rejectOf(
  { text, kind, message }: { readonly text: string; readonly kind: string; readonly message: string },
  target: TargetColumn | undefined,
): Omit<RejectedRow, 'line'> {
  const column = target && { column: target.name }
  if (kind === 'CAST' && target) {
    const [, value = text] = /Could not convert string "([\s\S]*)" to '/.exec(message) ?? []
    return { ...column, value: value.slice(0, shownLength), reason: `is not a valid ${target.type}` }
  }
  return { ...column, value: text, reason: reasonOf(kind, message) }
}

function reasonOf(kind: string, message: string): string {
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? []
  switch (kind) {
    case 'MISSING COLUMNS':
    case 'TOO MANY COLUMNS':
      return expected === undefined ? 'has another number of columns' : `has ${found} columns, ${expected} are expected`
    case 'UNQUOTED VALUE':
      return 'has a quote that does not end, or text behind its end'
    case 'LINE SIZE OVER MAXIMUM':
      return `has more than ${maxCsvLineBytes} bytes`
    case 'INVALID ENCODING':
      return 'is not UTF-8'
    default:
      return message.split('\n')[0] ?? kind
  }
}
