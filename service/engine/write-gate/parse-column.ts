import { quoteName } from '../../catalog/quote.ts'
import { type Cursor, isToken, keyword } from './cursor.ts'
import { readColumnName } from './object-name.ts'
import { parseLiteral } from './parse-literal.ts'
import { parseType } from './parse-type.ts'

const noKeys = 'DuckLake has no keys and no indexes: MERGE INTO writes a row once'

/** Why a column, or a table, may not have it; goes on after its name. */
const notKept: ReadonlyMap<string, string> = new Map([
  ['PRIMARY', noKeys],
  ['UNIQUE', noKeys],
  ['REFERENCES', noKeys],
  ['FOREIGN', noKeys],
  ['CONSTRAINT', 'DuckLake keeps NOT NULL only, without a name'],
  ['CHECK', 'DuckLake keeps NOT NULL only: check the rows before they are written'],
  ['GENERATED', 'DuckLake has no generated columns: use a view'],
  ['AS', 'DuckLake has no generated columns: use a view'],
  ['COLLATE', 'DuckLake keeps no collation: write it where texts are compared'],
  ['USING', 'DuckLake keeps no compression of a column'],
])

/** Reads a column of CREATE TABLE, as SQL of ours. */
export function parseColumn(cursor: Cursor): string {
  const behind = cursor.peek(1)
  // `check` can be a column's name; CHECK ( and PRIMARY KEY cannot.
  if (isToken(behind, '(') || isToken(behind, 'KEY')) refuseNotKept(cursor)
  if (cursor.at('CONSTRAINT') && behind?.kind === 'word' && notKept.has(keyword(cursor.peek(2)))) refuseNotKept(cursor)
  const name = readColumnName(cursor, 'The name of a column')
  refuseNotKept(cursor)
  return `${quoteName(name)} ${parseType(cursor)}${parseConstraints(cursor)}`
}

function parseConstraints(cursor: Cursor): string {
  let constraints = ''
  while (!cursor.done && !cursor.at(',') && !cursor.at(')')) {
    refuseNotKept(cursor)
    if (cursor.accept('NOT', 'NULL')) constraints += ' NOT NULL'
    else if (cursor.accept('DEFAULT')) constraints += ` DEFAULT ${parseLiteral(cursor)}`
    else if (!cursor.accept('NULL')) throw cursor.unexpected('NOT NULL, DEFAULT or the next column')
  }
  return constraints
}

/** @throws ServiceError if one of them stands next */
export function refuseNotKept(cursor: Cursor): void {
  const word = keyword(cursor.peek())
  const reason = notKept.get(word)
  if (reason !== undefined) throw cursor.refused(`${word} is not possible here: ${reason}.`)
}
