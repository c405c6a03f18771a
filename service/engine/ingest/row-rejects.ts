import type { DuckDBConnection } from '@duckdb/node-api'
import { quote, quoteName } from '../../catalog/quote.ts'
import { readingData } from './data-error.ts'
import type { Line } from './line-numbers.ts'
import { type Rejects, shownLength, type TargetColumn } from './source.ts'

/** How one value of a row is read. All are SQL. */
export interface Cell {
  readonly target: TargetColumn
  /** Whether there is a value: false also for a null. */
  readonly present: string
  /** The value in the target's type; NULL if it does not fit. */
  readonly converted: string
  /** The value as a text. */
  readonly shown: string
}

/** Rows that are converted one by one, so that each can be judged. */
export interface Rows {
  /** A relation whose column `line` is the number of the row. */
  readonly from: string
  /** Why a row is none at all, or NULL; with the text that an error shows. */
  readonly broken?: { readonly reason: string; readonly shown: string }
  readonly cells: readonly Cell[]
}

/** The rows without those that are rejected. */
export function acceptedRows(rows: Rows): string {
  const columns = rows.cells.map(({ target }, index) => `c${index} AS ${quoteName(target.name)}`)
  const sound = ['broken IS NULL', ...rows.cells.map((_, index) => `r${index} IS NULL`)]
  return `SELECT ${columns.join(', ')} FROM (${judged(rows)}) WHERE ${sound.join(' AND ')}`
}

/** @param lines the lines of the file in which rows with these numbers begin, if they are not the same. */
export async function findRowRejects(
  connection: DuckDBConnection,
  rows: Rows,
  keep: number,
  lines?: (numbers: readonly number[]) => Promise<ReadonlyMap<number, Line>>,
): Promise<Rejects> {
  return readingData(async () => {
    const bad = ['broken IS NOT NULL', ...rows.cells.map((_, index) => `r${index} IS NOT NULL`)].join(' OR ')
    const counted = await connection.runAndReadAll(`SELECT count(*), count(*) FILTER (WHERE ${bad}) FROM (${judged(rows)})`)
    const [[total, count] = []] = counted.getRows()
    if (Number(count) === 0) return { total: Number(total), count: 0, first: [] }
    const reasons = [
      `CASE WHEN broken IS NOT NULL THEN {'name': NULL, 'value': broken_text, 'reason': broken} END`,
      ...rows.cells.map(
        ({ target }, index) =>
          `CASE WHEN broken IS NULL AND r${index} IS NOT NULL THEN {'name': ${quote(target.name)}, 'value': t${index}, 'reason': r${index}} END`,
      ),
    ]
    const found = await connection.runAndReadAll(`
      SELECT line, fault.name, left(fault.value, ${shownLength}), fault.reason FROM (
        SELECT line, unnest(list_filter([${reasons.join(', ')}], lambda f: f IS NOT NULL)) AS fault
        FROM (SELECT * FROM (${judged(rows)}) WHERE ${bad} LIMIT ${keep}))
      ORDER BY line LIMIT ${keep}`)
    const placed = await lines?.(found.getRows().map(([line]) => Number(line)))
    const first = found.getRows().map(([number, column, shown, reason]) => {
      const { line, text } = placed?.get(Number(number)) ?? { line: Number(number), text: undefined }
      const value = shown ?? (column === null ? text : undefined)
      return {
        line,
        ...(column !== null && { column: String(column) }),
        ...(value !== undefined && value !== null && { value: String(value) }),
        reason: String(reason),
      }
    })
    return { total: Number(total), count: Number(count), first }
  })
}

/** Each row with its values in the target's types (`c`), the reasons against them (`r`) and their texts (`t`). */
function judged({ from, broken, cells }: Rows): string {
  const read = cells.map(({ present, converted, shown }, i) => `${present} AS p${i}, ${converted} AS c${i}, ${shown} AS t${i}`)
  const judge = cells.map((cell, i) => `c${i}, t${i}, ${reasonAgainst(cell.target, i)} AS r${i}`)
  return `SELECT line, broken, broken_text, ${judge.join(', ')} FROM (
    SELECT line, ${broken?.reason ?? 'NULL::VARCHAR'} AS broken, ${broken?.shown ?? 'NULL::VARCHAR'} AS broken_text, ${read.join(', ')} FROM (${from}))`
}

function reasonAgainst({ type, required }: TargetColumn, index: number): string {
  const nul = holdsText(type) ? `WHEN ${holdsNul(`c${index}`)} THEN ${quote(nulReason)}` : ''
  const empty = required ? `WHEN NOT p${index} THEN 'must not be NULL'` : ''
  return `CASE ${empty} WHEN p${index} AND c${index} IS NULL THEN ${quote(`is not a valid ${type}`)} ${nul} END`
}

const nulReason = 'holds a NUL character'

/** A text with a NUL makes DuckLake's statistics of the column wrong: filters would leave out rows. */
export function withoutNul(expression: string, { name, type }: TargetColumn): string {
  if (!holdsText(type)) return expression
  return `CASE WHEN ${holdsNul(expression)} THEN error(${quote(`Column "${name}" ${nulReason}`)}) ELSE ${expression} END`
}

function holdsNul(expression: string): string {
  return `contains((${expression})::VARCHAR, chr(0))`
}

function holdsText(type: string): boolean {
  return /VARCHAR|JSON|VARIANT|UNION/i.test(type)
}
