import { quoteName } from '../../catalog/quote.ts'
import { sameName } from '../same-name.ts'
import type { Cursor } from './cursor.ts'
import { readColumnName } from './object-name.ts'
import { notPortable, typeNames } from './portable-types.ts'

/** Types in types. */
const maxDepth = 32

/** Reads a type and gives it back as SQL of ours. @throws ServiceError for one that tables of the lake do not have, with the reason */
export function parseType(cursor: Cursor, depth = 0): string {
  if (depth > maxDepth) throw cursor.refused(`Types are nested more than ${maxDepth} deep.`)
  let type = parseBase(cursor, depth)
  for (; cursor.at('['); type += '[]') {
    if (cursor.peek(1)?.kind === 'number') throw cursor.refused('Lists of a fixed length are not kept in a lake: write [] instead.')
    cursor.expect('[', ']')
  }
  return type
}

function parseBase(cursor: Cursor, depth: number): string {
  const { position } = cursor
  const word = sameName(cursor.name('A type'))
  const reason = notPortable.get(word)
  if (reason !== undefined) throw cursor.refused(`${word.toUpperCase()} ${reason}.`, position)
  if (word === 'struct' && cursor.accept('(')) return parseStruct(cursor, depth)
  if (word === 'map' && cursor.accept('(')) return parseMap(cursor, depth)
  const type = typeNames.get(word)
  if (type === undefined) throw cursor.refused(`The lake has no type ${word}.`, position)
  return withModifiers(cursor, word, type)
}

function parseStruct(cursor: Cursor, depth: number): string {
  const fields: string[] = []
  do fields.push(`${quoteName(readColumnName(cursor, 'The name of a field'))} ${parseType(cursor, depth + 1)}`)
  while (cursor.accept(','))
  cursor.expect(')')
  return `STRUCT(${fields.join(', ')})`
}

function parseMap(cursor: Cursor, depth: number): string {
  const key = parseType(cursor, depth + 1)
  cursor.expect(',')
  const value = parseType(cursor, depth + 1)
  cursor.expect(')')
  return `MAP(${key}, ${value})`
}

function withModifiers(cursor: Cursor, word: string, type: string): string {
  if (word === 'double') cursor.accept('PRECISION')
  if (word === 'character' || word === 'char') cursor.accept('VARYING')
  const sizes = parseSizes(cursor)
  if (type === 'DECIMAL') return sizes.length > 0 ? `DECIMAL(${sizes.join(', ')})` : 'DECIMAL(18, 3)'
  if (word === 'time' && cursor.at('WITH')) throw cursor.refused(`TIME WITH TIME ZONE ${notPortable.get('timetz')}.`)
  if (word === 'timestamp' && cursor.accept('WITH', 'TIME', 'ZONE')) return 'TIMESTAMP WITH TIME ZONE'
  if (word === 'time' || word === 'timestamp') cursor.accept('WITHOUT', 'TIME', 'ZONE')
  // DuckDB reads the length of a VARCHAR and forgets it.
  if (sizes.length > 0 && type !== 'VARCHAR') throw cursor.refused(`${type} takes no numbers in parentheses.`)
  return type
}

function parseSizes(cursor: Cursor): readonly number[] {
  if (!cursor.accept('(')) return []
  const sizes: number[] = []
  do {
    const token = cursor.take()
    if (token?.kind !== 'number' || !/^\d{1,9}$/.test(token.value)) throw cursor.syntax('A size is a whole number.', token?.start)
    sizes.push(Number(token.value))
  } while (cursor.accept(','))
  cursor.expect(')')
  if (sizes.length > 2) throw cursor.refused('A type has at most two numbers in parentheses.')
  return sizes
}
