import { quote, quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import { type Cursor, isToken } from './cursor.ts'
import { readTableName } from './object-name.ts'
import { own, type WriteStatement } from './write-statement.ts'

/** Characters of a comment: every engine keeps it. */
const maxCommentLength = 10_000

/** `COMMENT ON TABLE t IS 'text'`, of a view or a column too. */
export function parseComment(cursor: Cursor): WriteStatement {
  cursor.expect('ON')
  if (cursor.accept('COLUMN')) {
    // The last name is the column's.
    const dots = columnDots(cursor)
    if (dots === 0) throw cursor.syntax('Name the table too: table.column.')
    const { from, ...target } = readTableName(cursor, 'The name of a column', dots)
    cursor.expect('.')
    const column = quoteName(cursor.name('The name of a column'))
    return comment(cursor, target, `COLUMN ${tableSql(target)}.${column}`, from)
  }
  const what = cursor.at('VIEW') ? 'VIEW' : 'TABLE'
  if (!cursor.accept('VIEW') && !cursor.accept('TABLE')) throw cursor.refused('A comment is on a TABLE, a VIEW or a COLUMN.')
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  return comment(cursor, target, `${what} ${tableSql(target)}`, from)
}

function comment(cursor: Cursor, target: WriteStatement['target'], on: string, from: number): WriteStatement {
  cursor.expect('IS')
  const text = cursor.take()
  const value = text?.kind === 'text' ? quote(text.value) : isToken(text, 'NULL') ? 'NULL' : undefined
  if (value === undefined) throw cursor.syntax('A comment is a text in quotes, or NULL.', text?.start)
  if (value.length > maxCommentLength + 2) throw cursor.refused(`A comment has at most ${maxCommentLength} characters.`, text?.start)
  return {
    kind: 'comment',
    scope: 'ddl',
    target,
    parts: [own('COMMENT ON '), own(on, from), own(` IS ${value}`)],
  }
}

/** How many dots the name that stands next has. */
function columnDots(cursor: Cursor): number {
  let dots = 0
  while (isToken(cursor.peek(2 * dots + 1), '.')) dots += 1
  return dots
}
