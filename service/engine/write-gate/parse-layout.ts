import { quoteName } from '../../catalog/quote.ts'
import type { Cursor } from './cursor.ts'

/** Reads how a table's files are to be laid out, as SQL of ours: `SET PARTITIONED BY (day(at))`, `SET SORTED BY (id)`, and RESET of both. */
export function parseLayout(cursor: Cursor): string {
  if (cursor.accept('RESET', 'PARTITIONED', 'BY')) return 'RESET PARTITIONED BY'
  if (cursor.accept('RESET', 'SORTED', 'BY')) return 'RESET SORTED BY'
  if (cursor.accept('SET', 'PARTITIONED', 'BY')) return `SET PARTITIONED BY (${list(cursor, parsePartition)})`
  if (cursor.accept('SET', 'SORTED', 'BY')) return `SET SORTED BY (${list(cursor, parseSort)})`
  throw cursor.refused('Of a table PARTITIONED BY and SORTED BY can be set and reset.')
}

function list(cursor: Cursor, parse: (cursor: Cursor) => string): string {
  cursor.expect('(')
  const items = [parse(cursor)]
  while (cursor.accept(',')) items.push(parse(cursor))
  cursor.expect(')')
  return items.join(', ')
}

const partitions = ['year', 'month', 'day', 'hour']

function parsePartition(cursor: Cursor): string {
  const { position } = cursor
  const name = cursor.name('The name of a column')
  if (!cursor.accept('(')) return quoteName(name)
  const transform = name.toLowerCase()
  let inside: string
  if (transform === 'bucket') {
    const count = cursor.take()
    if (count?.kind !== 'number' || !/^[1-9]\d{0,4}$/.test(count.value))
      throw cursor.syntax('bucket takes a whole number first.', count?.start)
    cursor.expect(',')
    inside = `${count.value}, ${quoteName(cursor.name('The name of a column'))}`
  } else {
    if (!partitions.includes(transform)) throw cursor.refused(`Use a column, ${partitions.join(', ')} or bucket(n, column).`, position)
    inside = quoteName(cursor.name('The name of a column'))
  }
  cursor.expect(')')
  return `${transform}(${inside})`
}

function parseSort(cursor: Cursor): string {
  const column = quoteName(cursor.name('The name of a column'))
  if (cursor.at('(')) throw cursor.refused('A table is sorted by columns: an expression there would run with every compaction.')
  const order = cursor.accept('DESC') ? 'DESC' : 'ASC'
  if (order === 'ASC') cursor.accept('ASC')
  if (cursor.accept('NULLS', 'FIRST')) return `${column} ${order} NULLS FIRST`
  return cursor.accept('NULLS', 'LAST') ? `${column} ${order} NULLS LAST` : `${column} ${order}`
}
