import { sameName } from '../engine/same-name.ts'
import { ServiceError } from '../errors.ts'
import type { SentRows } from './read-rows.ts'
import type { QueuedTable } from './table-columns.ts'

export interface RowLimits {
  /** Bytes of one row as it was sent, or as JavaScript writes it. */
  readonly messageMaxBytes: number
  readonly maxMessages: number
}

/** Objects and arrays inside of each other; PostgreSQL's own limit is its stack. */
const maxDepth = 100

/** What is wrong with a row. */
export interface RowFault {
  readonly column: string
  readonly reason: string
}

/** Refuses what can be seen at once to fit no row of the table. Whether each value fits its column's type shows when it is drained.
 * @throws ServiceError invalidRequest or bodyTooLarge, with the place */
export function checkRows({ rows, text, placeOf }: SentRows, table: QueuedTable, { messageMaxBytes, maxMessages }: RowLimits): void {
  if (rows.length > maxMessages)
    throw new ServiceError('bodyTooLarge', `The body has ${rows.length} rows, at most ${maxMessages} are taken: send the rest separately.`)
  const mayBeTooLarge = text.length * 3 > messageMaxBytes
  rows.forEach((row, index) => {
    const fault = faultOfRow(row, table)
    if (fault) throw new ServiceError('invalidRequest', `${placeOf(index)}: ${fault.reason}`)
    const bytes = mayBeTooLarge ? Buffer.byteLength(JSON.stringify(row)) : 0
    if (bytes > messageMaxBytes)
      throw new ServiceError('bodyTooLarge', `${placeOf(index)} has ${bytes} bytes, at most ${messageMaxBytes} are taken.`)
  })
}

/** Why a row cannot be one of the table, by the names of its columns and by what is missing. */
export function faultOfRow(row: Readonly<Record<string, unknown>>, { schema, name: table, columns }: QueuedTable): RowFault | undefined {
  for (const [name, value] of Object.entries(row)) {
    const column = columns.get(name)
    if (!column) return { column: name, reason: `${schema}.${table} has no column "${name.slice(0, 255)}"${likeIt(name, columns)}.` }
    const fault = value === null && !column.nullable ? 'must not be null' : faultOf(value, 1)
    if (fault) return { column: name, reason: `the column "${name}" ${fault}.` }
  }
  for (const [name, { optional }] of columns)
    if (!optional && !Object.hasOwn(row, name)) return { column: name, reason: `the column "${name}" is missing and must not be null.` }
  return undefined
}

/** In SQL the case of a name does not matter; in JSON it does. */
function likeIt(name: string, columns: QueuedTable['columns']): string {
  const like = [...columns.keys()].find(other => sameName(other) === sameName(name))
  return like === undefined ? '' : `, but "${like}"`
}

/** What PostgreSQL's jsonb cannot keep, or only at length. */
function faultOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'has a text with the character NUL'
    if (!value.isWellFormed()) return 'has a text with half a surrogate pair'
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'has a number beyond what DOUBLE holds'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= maxDepth) return `has more than ${maxDepth} levels`
  for (const [name, inner] of Object.entries(value)) {
    const fault = faultOf(name, depth) ?? faultOf(inner, depth + 1)
    if (fault) return fault
  }
  return undefined
}
