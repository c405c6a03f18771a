import { quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import { sameName } from '../same-name.ts'
import type { Cursor } from './cursor.ts'
import { readSchemaName, readTableName } from './object-name.ts'
import { own, type WriteStatement } from './write-statement.ts'

/** What stands behind DROP. */
export function parseDropStatement(cursor: Cursor): WriteStatement {
  if (cursor.accept('SCHEMA')) return parseDropSchema(cursor)
  const what = cursor.at('VIEW') ? 'VIEW' : 'TABLE'
  if (!cursor.accept('VIEW') && !cursor.accept('TABLE'))
    throw cursor.refused('Of the DROP statements DROP TABLE, DROP VIEW and DROP SCHEMA are allowed.')
  const exists = parseExists(cursor)
  const { from, ...target } = readTableName(cursor, `The name of a ${what.toLowerCase()}`)
  if (cursor.at(',')) throw cursor.refused('One statement drops one thing: send the next one by itself.')
  if (cursor.at('CASCADE')) throw cursor.refused('DuckLake drops nothing with a table: leave CASCADE out, and drop its views by name.')
  cursor.accept('RESTRICT')
  return {
    kind: what === 'VIEW' ? 'dropView' : 'dropTable',
    scope: 'ddl',
    target,
    parts: [own(`DROP ${what} ${exists}`), own(tableSql(target), from)],
  }
}

function parseDropSchema(cursor: Cursor): WriteStatement {
  const exists = parseExists(cursor)
  const { schema, from } = readSchemaName(cursor)
  if (sameName(schema) === 'main') throw cursor.refused('The schema main stays: names without a schema mean it.', from)
  const cascade = cursor.accept('CASCADE') ? ' CASCADE' : ''
  if (cascade === '') cursor.accept('RESTRICT')
  return {
    kind: 'dropSchema',
    scope: 'ddl',
    target: { schema },
    parts: [own(`DROP SCHEMA ${exists}`), own(`lake.${quoteName(schema)}`, from), own(cascade)],
  }
}

function parseExists(cursor: Cursor): string {
  return cursor.accept('IF', 'EXISTS') ? 'IF EXISTS ' : ''
}
