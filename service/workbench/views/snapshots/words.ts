import type { Snapshot, TableChange } from '../../api/snapshots.ts'
import { grouped } from '../../format/numbers.ts'

const words: Readonly<Record<TableChange['kinds'][number], string>> = {
  created: 'made',
  renamed: 'renamed',
  altered: 'changed',
  inserted: 'rows came',
  deleted: 'rows went',
  dropped: 'dropped',
  merged: 'files joined',
  rewritten: 'files written anew',
}

/** What was done to a table, as a person says it. */
export function kindsText(kinds: TableChange['kinds']): string {
  const has = (...wanted: TableChange['kinds']) => wanted.every(kind => kinds.includes(kind))
  if (has('created', 'inserted')) return 'made, with rows'
  if (has('inserted', 'deleted')) return 'rows changed'
  return kinds.map(kind => words[kind]).join(', ')
}

/** `+3 −1`; a question mark for what nobody knows any more. */
function plusMinus(added: string | number | null, removed: string | number | null): string {
  const plus = added === null ? '+?' : isNone(added) ? '' : `+${grouped(added)}`
  const minus = removed === null ? '−?' : isNone(removed) ? '' : `−${grouped(removed)}`
  return [plus, minus].filter(text => text !== '').join(' ')
}

/** The sum of all tables; null as soon as one is not known. */
export function sumOf({ tables }: Snapshot, figure: 'rowsAdded' | 'rowsRemoved' | 'filesAdded' | 'filesRemoved'): string | null {
  let sum = 0n
  for (const { [figure]: value } of tables) {
    if (value === null) return null
    sum += BigInt(value)
  }
  return String(sum)
}

/** What a version is called in a list: its message, or what it did. */
export function titleOf({ message, tables, snapshotId, changes }: Snapshot): string {
  if (message) return message
  if (tables.length > 0) return tables.map(({ table, kinds }) => `${table}: ${kindsText(kinds)}`).join('; ')
  if (snapshotId === '0') return 'The lake was made'
  return changes?.map(({ kind, of }) => `${kind.replaceAll('_', ' ')} ${of.join(', ')}`).join('; ') || 'Something else'
}

/** `+3 −1 rows`, or nothing if there is nothing to say. */
export function figuresText(added: string | number | null, removed: string | number | null, noun: string): string {
  if (added === null && removed === null) return ''
  const figures = plusMinus(added, removed)
  return figures === '' ? '' : `${figures} ${noun}${figures === '+1' || figures === '−1' ? '' : 's'}`
}

function isNone(figure: string | number): boolean {
  return String(figure) === '0'
}
