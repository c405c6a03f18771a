import { quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import { type Cursor, isToken } from './cursor.ts'
import { readTableName } from './object-name.ts'
import { refuseReturning } from './parse-row-change.ts'
import { own, type Part, type WriteStatement } from './write-statement.ts'

/** `INSERT INTO t (a, b) SELECT …`, with VALUES, BY NAME or DEFAULT VALUES. */
export function parseInsert(cursor: Cursor, ctes: readonly Part[]): WriteStatement {
  if (cursor.at('OR')) throw cursor.refused('Tables of the lake have no keys that a row could collide with: use MERGE INTO.')
  cursor.expect('INTO')
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  const parts: Part[] = [...ctes, own('INSERT INTO '), own(tableSql(target), from)]
  const columns = cursor.looks(hasColumns) ? cursor.names('The name of a column') : undefined
  if (columns) parts.push(own(` (${columns.map(quoteName).join(', ')})`))
  const byName = cursor.accept('BY', 'NAME')
  if (byName) parts.push(own(' BY NAME'))
  else if (cursor.accept('BY', 'POSITION')) parts.push(own(' BY POSITION'))
  if (cursor.accept('DEFAULT', 'VALUES')) parts.push(own(' DEFAULT VALUES'))
  else parts.push(own(' (\n'), { as: 'query', ...cursor.fragment('VALUES or a query', atEnd) }, own('\n)'))
  refuseReturning(cursor)
  if (cursor.at('ON')) throw cursor.refused('Tables of the lake have no keys that a row could collide with: use MERGE INTO.')
  return { kind: 'insert', scope: 'write', target, ...(columns && { columns }), ...(byName && { byName }), parts }
}

/** `(a, b)` and something behind it; a query in parentheses looks otherwise. */
function hasColumns(cursor: Cursor): boolean {
  cursor.names('')
  return !cursor.done && !cursor.at('RETURNING') && !cursor.at('ON')
}

function atEnd(cursor: Cursor): boolean {
  if (cursor.at('RETURNING')) return !isToken(cursor.peek(-1), 'AS')
  return cursor.at('ON', 'CONFLICT', 'DO') || cursor.at('ON', 'CONFLICT', '(')
}
