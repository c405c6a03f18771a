import { quoteName } from '../../catalog/quote.ts'
import { tableSql } from '../../catalog/table-name.ts'
import { type Cursor, keyword } from './cursor.ts'
import { readSchemaName, readTableName } from './object-name.ts'
import { parseColumn } from './parse-column.ts'
import { notCreated } from './refused-statements.ts'
import { own, type Part, type WriteStatement } from './write-statement.ts'

/** What stands behind CREATE. */
export function parseCreate(cursor: Cursor): WriteStatement {
  const replace = cursor.accept('OR', 'REPLACE')
  if (cursor.accept('TABLE')) return parseTable(cursor, replace)
  if (cursor.accept('VIEW')) return parseView(cursor, replace)
  if (cursor.at('SCHEMA') && replace) throw cursor.refused('A schema is not replaced: drop it, and create it anew.')
  if (cursor.accept('SCHEMA')) return parseSchema(cursor)
  const word = keyword(cursor.peek())
  const reason = notCreated.get(word)
  if (reason !== undefined) throw cursor.refused(`CREATE ${word} is not allowed: ${reason}.`)
  throw cursor.unexpected('TABLE, VIEW or SCHEMA')
}

function parseTable(cursor: Cursor, replace: boolean): WriteStatement {
  const { verb, exists } = parseVerb(cursor, 'TABLE', replace)
  const { from, ...target } = readTableName(cursor, 'The name of a table')
  const parts: Part[] = [own(`${verb} ${exists}`), own(tableSql(target), from)]
  const statement = { kind: 'createTable', scope: 'ddl', target, parts } as const
  const columns = cursor.looks(isNamedQuery) ? cursor.names('The name of a column') : undefined
  if (columns) parts.push(own(` (${columns.map(quoteName).join(', ')})`))
  else if (cursor.at('(')) {
    parts.push(own(` (${parseColumns(cursor)})`))
    if (cursor.at('PARTITIONED'))
      throw cursor.refused('Partitions are set by a statement of their own: ALTER TABLE … SET PARTITIONED BY (…).')
    return statement
  }
  cursor.expect('AS')
  parts.push(own(' AS (\n'), { as: 'query', ...cursor.fragment('A query', atWithData) }, own('\n)'))
  if (cursor.at('WITH'))
    throw cursor.refused('WITH DATA and WITH NO DATA are not supported: put LIMIT 0 into the query for an empty table.')
  return { ...statement, ...(columns && { columns }), byName: true, fromQuery: true }
}

function parseView(cursor: Cursor, replace: boolean): WriteStatement {
  const { verb, exists } = parseVerb(cursor, 'VIEW', replace)
  const { from, ...target } = readTableName(cursor, 'The name of a view')
  const parts: Part[] = [own(`${verb} ${exists}`), own(tableSql(target), from)]
  const columns = cursor.at('(') ? cursor.names('The name of a column') : undefined
  if (columns) parts.push(own(` (${columns.map(quoteName).join(', ')})`))
  cursor.expect('AS')
  parts.push(own(' AS (\n'), { as: 'query', ...cursor.fragment('A query') }, own('\n)'))
  return { kind: 'createView', scope: 'ddl', target, ...(columns && { columns }), byName: true, parts }
}

function parseSchema(cursor: Cursor): WriteStatement {
  const exists = cursor.accept('IF', 'NOT', 'EXISTS') ? 'IF NOT EXISTS ' : ''
  const { schema, from } = readSchemaName(cursor)
  return {
    kind: 'createSchema',
    scope: 'ddl',
    target: { schema },
    parts: [own(`CREATE SCHEMA ${exists}`), own(`lake.${quoteName(schema)}`, from)],
  }
}

function parseVerb(cursor: Cursor, what: string, replace: boolean): { readonly verb: string; readonly exists: string } {
  if (replace && cursor.at('IF')) throw cursor.refused('OR REPLACE and IF NOT EXISTS exclude each other: use one.')
  const exists = cursor.accept('IF', 'NOT', 'EXISTS') ? 'IF NOT EXISTS ' : ''
  return { verb: `CREATE ${replace ? 'OR REPLACE ' : ''}${what}`, exists }
}

function parseColumns(cursor: Cursor): string {
  const columns: string[] = []
  cursor.expect('(')
  do columns.push(parseColumn(cursor))
  while (cursor.accept(','))
  cursor.expect(')')
  return columns.join(', ')
}

function isNamedQuery(cursor: Cursor): boolean {
  cursor.names('')
  return cursor.at('AS')
}

function atWithData(cursor: Cursor): boolean {
  return cursor.at('WITH', 'DATA') || cursor.at('WITH', 'NO', 'DATA')
}
