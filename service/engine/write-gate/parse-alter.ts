import { quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import type { Cursor } from './cursor.ts'
import { readColumnName, readTableName } from './object-name.ts'
import { refuseNotKept } from './parse-column.ts'
import { parseLayout } from './parse-layout.ts'
import { parseLiteral } from './parse-literal.ts'
import { parseType } from './parse-type.ts'
import { own, type WriteStatement } from './write-statement.ts'

/** What stands behind ALTER. */
export function parseAlter(cursor: Cursor): WriteStatement {
  const what = cursor.at('VIEW') ? 'VIEW' : 'TABLE'
  if (!cursor.accept('VIEW') && !cursor.accept('TABLE'))
    throw cursor.refused('Of the ALTER statements ALTER TABLE and ALTER VIEW are allowed.')
  const exists = cursor.accept('IF', 'EXISTS') ? 'IF EXISTS ' : ''
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  const before = [own(`ALTER ${what} ${exists}`), own(`${tableSql(target)} `, from)]
  const common = { kind: what === 'VIEW' ? 'alterView' : 'alterTable', scope: 'ddl', target } as const
  if (cursor.accept('RENAME', 'TO')) {
    if (cursor.peek(1) !== undefined) throw cursor.refused('The new name stands alone: a table stays in its schema.')
    const renamed = readTableName(cursor, 'The new name')
    return {
      ...common,
      renamedTo: { schema: target.schema, name: renamed.name },
      parts: [...before, own(`RENAME TO ${quoteName(renamed.name)}`, renamed.from)],
    }
  }
  if (what === 'VIEW') throw cursor.refused('A view can only be renamed: CREATE OR REPLACE VIEW changes it.')
  const { position } = cursor
  const change = parseChange(cursor)
  if (cursor.at(',')) throw cursor.refused('One statement makes one change: send the next one by itself.')
  return { ...common, parts: [...before, own(change, position)] }
}

function parseChange(cursor: Cursor): string {
  if (cursor.accept('ADD')) return parseAdd(cursor)
  if (cursor.accept('DROP')) return parseDrop(cursor)
  if (cursor.accept('RENAME')) {
    cursor.accept('COLUMN')
    const column = columnPath(cursor)
    cursor.expect('TO')
    return `RENAME COLUMN ${column} TO ${quoteName(readColumnName(cursor, 'The new name'))}`
  }
  if (cursor.accept('ALTER')) return parseAlterColumn(cursor)
  if (cursor.at('SET', 'SCHEMA')) throw cursor.refused('A table stays in its schema: make another one with CREATE TABLE … AS.')
  if (cursor.at('SET') || cursor.at('RESET')) return parseLayout(cursor)
  throw cursor.unexpected('ADD, DROP, RENAME, ALTER, SET or RESET')
}

function parseAdd(cursor: Cursor): string {
  refuseNotKept(cursor)
  cursor.accept('COLUMN')
  const exists = cursor.accept('IF', 'NOT', 'EXISTS') ? 'IF NOT EXISTS ' : ''
  const added = `ADD COLUMN ${exists}${columnPath(cursor, readColumnName)} ${parseType(cursor)}`
  const value = cursor.accept('DEFAULT') ? ` DEFAULT ${parseLiteral(cursor)}` : ''
  refuseNotKept(cursor)
  if (cursor.at('NOT', 'NULL'))
    throw cursor.refused(
      'A column is added without NOT NULL: the rows that are there have no value. ALTER COLUMN … SET NOT NULL comes later.',
    )
  return added + value
}

function parseDrop(cursor: Cursor): string {
  refuseNotKept(cursor)
  cursor.accept('COLUMN')
  const exists = cursor.accept('IF', 'EXISTS') ? 'IF EXISTS ' : ''
  const dropped = `DROP COLUMN ${exists}${columnPath(cursor)}`
  if (cursor.at('CASCADE')) throw cursor.refused('Nothing hangs on a column: leave CASCADE out.')
  cursor.accept('RESTRICT')
  return dropped
}

function parseAlterColumn(cursor: Cursor): string {
  cursor.accept('COLUMN')
  const column = `ALTER COLUMN ${columnPath(cursor)}`
  if (cursor.accept('SET', 'NOT', 'NULL')) return `${column} SET NOT NULL`
  if (cursor.accept('DROP', 'NOT', 'NULL')) return `${column} DROP NOT NULL`
  if (cursor.accept('SET', 'DEFAULT')) return `${column} SET DEFAULT ${parseLiteral(cursor)}`
  if (cursor.accept('DROP', 'DEFAULT')) return `${column} DROP DEFAULT`
  cursor.accept('SET', 'DATA')
  cursor.expect('TYPE')
  const type = parseType(cursor)
  if (cursor.at('USING')) throw cursor.refused('A type can only be widened, without USING: make a new table with CREATE TABLE … AS.')
  return `${column} SET DATA TYPE ${type}`
}

/** `a`, or `a.b` for a part of a STRUCT. */
function columnPath(cursor: Cursor, read = nameAsItIs): string {
  const names = [read(cursor, 'The name of a column')]
  while (cursor.accept('.')) names.push(read(cursor, 'The name of a field'))
  return names.map(quoteName).join('.')
}

function nameAsItIs(cursor: Cursor, what: string): string {
  return cursor.name(what)
}
