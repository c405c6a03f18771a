import { quoteName } from '../../catalog/quote.ts'
import type { Cursor } from './cursor.ts'
import { expression, parseAssignments, parseTarget, refuseReturning, tables } from './parse-row-change.ts'
import { own, type Part, type WriteStatement } from './write-statement.ts'

/** `MERGE INTO t USING s ON (…) WHEN MATCHED THEN … WHEN NOT MATCHED THEN …` */
export function parseMerge(cursor: Cursor, ctes: readonly Part[]): WriteStatement {
  cursor.expect('INTO')
  const { parts, ...target } = parseTarget(cursor, 'MERGE INTO')
  cursor.expect('USING')
  parts.push(
    own('\nUSING '),
    tables(cursor, stop => stop.at('ON') || stop.at('USING')),
    own('\n'),
  )
  if (cursor.accept('USING')) parts.push(own(`USING (${cursor.names('The name of a column').map(quoteName).join(', ')})`))
  else {
    cursor.expect('ON')
    parts.push(
      own('ON (\n'),
      expression(cursor, stop => stop.at('WHEN')),
      own('\n)'),
    )
  }
  do {
    refuseReturning(cursor)
    parseWhen(cursor, parts)
  } while (!cursor.done)
  return { kind: 'merge', scope: 'write', ...target, parts: [...ctes, ...parts] }
}

function parseWhen(cursor: Cursor, parts: Part[]): void {
  cursor.expect('WHEN')
  let when = 'MATCHED'
  if (cursor.accept('NOT')) when = 'NOT MATCHED'
  cursor.expect('MATCHED')
  if (when !== 'MATCHED' && cursor.accept('BY', 'SOURCE')) when += ' BY SOURCE'
  else if (when !== 'MATCHED' && cursor.accept('BY', 'TARGET')) when += ' BY TARGET'
  parts.push(own(`\nWHEN ${when}`))
  if (cursor.accept('AND'))
    parts.push(
      own(' AND (\n'),
      expression(cursor, stop => stop.at('THEN')),
      own('\n)'),
    )
  cursor.expect('THEN')
  parseAction(cursor, parts)
}

function parseAction(cursor: Cursor, parts: Part[]): void {
  if (cursor.accept('DELETE')) parts.push(own(' THEN DELETE'))
  else if (cursor.accept('DO', 'NOTHING')) parts.push(own(' THEN DO NOTHING'))
  else if (cursor.accept('UPDATE')) parseUpdateAction(cursor, parts)
  else if (cursor.accept('INSERT')) parseInsertAction(cursor, parts)
  else if (cursor.at('ERROR')) throw cursor.refused('THEN ERROR is not allowed: its words could be taken for an error of the server.')
  else throw cursor.unexpected('UPDATE, INSERT, DELETE or DO NOTHING')
}

function parseUpdateAction(cursor: Cursor, parts: Part[]): void {
  parts.push(own(` THEN UPDATE${parseBy(cursor)}`))
  if (!cursor.accept('SET')) return
  if (cursor.accept('*')) parts.push(own(' SET *'))
  else parts.push(own(' SET '), ...parseAssignments(cursor, endsAction))
}

function parseInsertAction(cursor: Cursor, parts: Part[]): void {
  parts.push(own(` THEN INSERT${parseBy(cursor)}`))
  if (cursor.accept('*')) {
    parts.push(own(' *'))
    return
  }
  if (cursor.accept('DEFAULT', 'VALUES')) {
    parts.push(own(' DEFAULT VALUES'))
    return
  }
  const columns = cursor.at('(') ? cursor.names('The name of a column') : undefined
  if (columns) parts.push(own(` (${columns.map(quoteName).join(', ')})`))
  if (!cursor.accept('VALUES')) return
  cursor.expect('(')
  let separator = ' VALUES ('
  for (let index = 0; index === 0 || cursor.accept(','); index += 1) {
    parts.push(own(separator), ...parseValue(cursor, columns?.[index]))
    separator = ', '
  }
  cursor.expect(')')
  parts.push(own(')'))
}

function parseValue(cursor: Cursor, column: string | undefined): Part[] {
  if (cursor.accept('DEFAULT')) return [own('DEFAULT')]
  return [own('(\n'), expression(cursor, stop => stop.at(',') || stop.at(')'), column), own('\n)')]
}

function parseBy(cursor: Cursor): string {
  if (cursor.accept('BY', 'NAME')) return ' BY NAME'
  return cursor.accept('BY', 'POSITION') ? ' BY POSITION' : ''
}

function endsAction(cursor: Cursor): boolean {
  return cursor.at('WHEN') || cursor.at('RETURNING')
}
