import { quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import { type Cursor, isToken } from './cursor.ts'
import { readTableName } from './object-name.ts'
import { type JudgedPart, own, type Part, type WriteStatement } from './write-statement.ts'

/** `UPDATE t SET a = 1 FROM u WHERE …` */
export function parseUpdate(cursor: Cursor, ctes: readonly Part[]): WriteStatement {
  const { parts, ...target } = parseTarget(cursor, 'UPDATE')
  cursor.expect('SET')
  parts.push(own(' SET '), ...parseAssignments(cursor, ends => endsAssignment(ends)))
  if (cursor.accept('FROM')) parts.push(own('\nFROM '), tables(cursor, atClause), own('\n'))
  parseWhere(cursor, parts)
  return { kind: 'update', scope: 'write', ...target, parts: [...ctes, ...parts] }
}

/** `DELETE FROM t USING u WHERE …` */
export function parseDelete(cursor: Cursor, ctes: readonly Part[]): WriteStatement {
  cursor.expect('FROM')
  const { parts, ...target } = parseTarget(cursor, 'DELETE FROM')
  if (cursor.accept('USING')) parts.push(own('\nUSING '), tables(cursor, atClause), own('\n'))
  parseWhere(cursor, parts)
  return { kind: 'delete', scope: 'write', ...target, parts: [...ctes, ...parts] }
}

/** `TRUNCATE t` */
export function parseTruncate(cursor: Cursor): WriteStatement {
  cursor.accept('TABLE')
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  refuseReturning(cursor)
  return { kind: 'delete', scope: 'write', target, parts: [own('DELETE FROM '), own(tableSql(target), from)] }
}

export function parseTarget(cursor: Cursor, verb: string): Pick<WriteStatement, 'target' | 'alias'> & { readonly parts: Part[] } {
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  const parts: Part[] = [own(`${verb} `), own(tableSql(target), from)]
  if (!cursor.accept('AS') && !isAlias(cursor)) return { target, parts }
  const alias = cursor.name('Another name of the table')
  return { target, alias, parts: [...parts, own(` AS ${quoteName(alias)}`)] }
}

const behindTarget = ['SET', 'USING', 'WHERE', 'FROM', 'RETURNING', 'WHEN']

function isAlias(cursor: Cursor): boolean {
  const token = cursor.peek()
  return token?.kind === 'name' || (token?.kind === 'word' && !behindTarget.some(word => isToken(token, word)))
}

/** `a = 1, b = 2`, up to what ends the last of them. */
export function parseAssignments(cursor: Cursor, ends: (cursor: Cursor) => boolean): Part[] {
  const parts: Part[] = []
  do {
    if (cursor.at('(')) throw cursor.refused('Set each column by itself: a = …, b = ….')
    const column = cursor.name('The name of a column')
    if (cursor.at('.')) throw cursor.refused('Behind SET stands the name of a column alone; a part of a STRUCT cannot be set by itself.')
    if (cursor.at('[')) throw cursor.refused('A part of a list cannot be set by itself: set the whole column.')
    cursor.expect('=')
    if (cursor.at('DEFAULT')) throw cursor.refused('DuckLake sets no column to its DEFAULT yet: write the value.')
    parts.push(
      own(`${parts.length > 0 ? ', ' : ''}${quoteName(column)} = (\n`),
      expression(cursor, stop => stop.at(',') || ends(stop), column),
      own('\n)'),
    )
  } while (cursor.accept(','))
  return parts
}

/** FROM ends an assignment, but not in `a IS DISTINCT FROM b`. */
function endsAssignment(cursor: Cursor): boolean {
  return atClause(cursor) || (cursor.at('FROM') && !isToken(cursor.peek(-1), 'DISTINCT'))
}

function atClause(cursor: Cursor): boolean {
  return cursor.at('WHERE') || cursor.at('RETURNING')
}

function parseWhere(cursor: Cursor, parts: Part[]): void {
  if (cursor.accept('WHERE'))
    parts.push(
      own(' WHERE (\n'),
      expression(cursor, stop => stop.at('RETURNING')),
      own('\n)'),
    )
  refuseReturning(cursor)
}

export function expression(cursor: Cursor, ends: (cursor: Cursor) => boolean, column?: string): JudgedPart {
  return { as: 'expression', ...cursor.fragment('An expression', ends), ...(column !== undefined && { column }) }
}

export function tables(cursor: Cursor, ends: (cursor: Cursor) => boolean): JudgedPart {
  return { as: 'tables', ...cursor.fragment('A table', ends) }
}

export function refuseReturning(cursor: Cursor): void {
  if (!cursor.at('RETURNING')) return
  throw cursor.refused('DuckLake has no RETURNING: the answer has the number of rows, and /changes of the table shows them.')
}
