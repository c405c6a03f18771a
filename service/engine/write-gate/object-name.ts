import type { TableName } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { refuseTable } from '../refusals.ts'
import { sameName } from '../same-name.ts'
import type { Cursor } from './cursor.ts'

/** Characters of a name: DuckLake makes a folder of it. */
const maxNameLength = 128

/** Characters of a column's name: every engine keeps it. A query's own names for its columns are long. */
const maxColumnNameLength = 1_000

/** Reads `name`, `schema.name` or `lake.schema.name`. @param most names to read, if more follow. @throws ServiceError if it is not of the lake */
export function readTableName(cursor: Cursor, what: string, most?: number): TableName & { readonly from: number } {
  const from = cursor.position
  const parts = readParts(cursor, what, most)
  const name = parts.pop() ?? ''
  const schema = schemaOf(parts, from)
  const { informationSchema } = placed(from, () => refuseTable({ schema_name: schema, table_name: name }))
  if (informationSchema) throw refused(`${schema}.${name} is DuckDB’s own list and cannot be changed.`, from)
  assertName(name, from)
  return { schema, name, from }
}

/** Reads `schema` or `lake.schema`. */
export function readSchemaName(cursor: Cursor): { readonly schema: string; readonly from: number } {
  const from = cursor.position
  const parts = readParts(cursor, 'The name of a schema')
  const schema = parts.pop() ?? ''
  const [catalog = 'lake', ...more] = parts
  if (sameName(catalog) !== 'lake' || more.length > 0) throw refused(`${[...parts, schema].join('.')} is not a schema of the lake.`, from)
  if (['lake', 'information_schema'].includes(sameName(schema)) || isServers(schema)) {
    throw refused(`The name ${schema} is taken: the lake itself, or the server, answers to it.`, from)
  }
  if (/[/\\:*?]/.test(schema)) throw refused(`"${schema}" looks like a path: use letters, digits and _.`, from)
  assertName(schema, from)
  return { schema, from }
}

/** Adds the place to a refusal. */
function placed<Result>(position: number, judge: () => Result): Result {
  try {
    return judge()
  } catch (error) {
    throw error instanceof ServiceError ? new ServiceError(error.code, error.detail, { position }) : error
  }
}

function isServers(schema: string): boolean {
  try {
    refuseTable({ schema_name: schema, table_name: 'any' })
    return false
  } catch {
    return true
  }
}

function readParts(cursor: Cursor, what: string, most = Number.POSITIVE_INFINITY): string[] {
  const parts = [cursor.name(what)]
  while (parts.length < most && cursor.accept('.')) parts.push(cursor.name(what))
  return parts
}

/** `lake.rides` is the table rides of the schema main. */
function schemaOf(parts: readonly string[], from: number): string {
  const [first = 'main', second] = parts
  if (parts.length > 2 || (parts.length === 2 && sameName(first) !== 'lake')) {
    throw refused(`${parts.join('.')} is not a schema of the lake: name a table as schema.table.`, from)
  }
  if (second !== undefined) return second
  return sameName(first) === 'lake' ? 'main' : first
}

/** Reads the name that a column gets. */
export function readColumnName(cursor: Cursor, what: string): string {
  const from = cursor.position
  const name = cursor.name(what)
  assertSeen(name, maxColumnNameLength, from)
  return name
}

function assertName(name: string, from: number): void {
  const fault = faultOfName(name)
  if (fault !== undefined) throw refused(fault, from)
}

/** Why a new table, view or schema cannot have a name, in a sentence; undefined if it can. */
export function faultOfName(name: string): string | undefined {
  // In an address they mean the folder itself and the one above: nobody could ask for the table.
  if (/^\.+$/.test(name)) return 'A name of dots alone cannot stand in an address: use letters, digits and _.'
  return faultOfLetters(name, maxNameLength)
}

function assertSeen(name: string, most: number, from: number): void {
  const fault = faultOfLetters(name, most)
  if (fault !== undefined) throw refused(fault, from)
}

function faultOfLetters(name: string, most: number): string | undefined {
  if (name.length > most) return `A name has ${name.length} characters, ${most} are allowed.`
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) ? 'A name holds a character that cannot be seen.' : undefined
}

function refused(detail: string, position: number): ServiceError {
  return new ServiceError('statementRefused', detail, { position })
}
