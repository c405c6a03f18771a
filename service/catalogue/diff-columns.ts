import type { Column } from '../engine/messages.ts'
import { plainColumn, type TableVersion, type VersionColumn } from './table-versions.ts'

export interface ColumnDiff {
  readonly added: readonly Column[]
  readonly removed: readonly Column[]
  /** Renamed, or of another type, or both. */
  readonly changed: readonly { readonly from: Column; readonly to: Column }[]
}

/** What became of a table's columns. Those of a table that was made anew are the same if they have the same name. */
export function diffColumns(from: TableVersion | undefined, to: TableVersion | undefined): ColumnDiff {
  const same = from?.id === to?.id
  const [before, after] = [from?.columns ?? [], to?.columns ?? []]
  const partner = (of: VersionColumn, among: readonly VersionColumn[]) =>
    among.find(each => (same ? each.id === of.id : each.name.toLowerCase() === of.name.toLowerCase()))
  return {
    added: after.filter(column => !partner(column, before)).map(plainColumn),
    removed: before.filter(column => !partner(column, after)).map(plainColumn),
    changed: before.flatMap(column => {
      const now = partner(column, after)
      return now && (now.name !== column.name || now.type !== column.type) ? [{ from: plainColumn(column), to: plainColumn(now) }] : []
    }),
  }
}
