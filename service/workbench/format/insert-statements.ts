import type { Column, Json, Row } from '../api/rows.ts'
import { quoteName } from '../sql/quote-name.ts'
import { isNumber } from './cell.ts'

/** Rows of one statement: more make it slow to parse. */
const rowsAtOnce = 500

/** Rows as statements that put them into a table of these columns. @throws Error for types whose JSON does not lead back to the value */
export function insertStatements(columns: readonly Column[], rows: readonly Row[]): string {
  const lossy = columns.find(({ type }) => isNested(type) && /BLOB|MAP|UNION|INTERVAL/.test(type))
  if (lossy) throw new Error(`INSERT cannot hold ${lossy.name}, which is ${lossy.type}: take Parquet`)
  const names = columns.map(({ name }) => quoteName(name)).join(', ')
  const statements: string[] = []
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    const values = rows
      .slice(first, first + rowsAtOnce)
      .map(row => `  (${columns.map((column, at) => literal(row[at] ?? null, column)).join(', ')})`)
    statements.push(`INSERT INTO my_table (${names}) VALUES\n${values.join(',\n')};`)
  }
  return statements.join('\n')
}

function literal(value: Json, { type }: Column): string {
  if (value === null) return 'NULL'
  if (isNested(type)) return `${quoted(JSON.stringify(value))}::JSON::${type}`
  if (typeof value === 'boolean') return String(value)
  const text = String(value)
  // NaN and infinities are texts that become numbers.
  if (isNumber(type)) return /^-?\d/.test(text) ? text : `${quoted(text)}::${type}`
  return type === 'BLOB' ? `from_base64(${quoted(text)})` : quoted(text)
}

function isNested(type: string): boolean {
  return /\]$|^(STRUCT|MAP|UNION)/.test(type)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
