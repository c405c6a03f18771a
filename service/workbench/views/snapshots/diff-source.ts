import type { Json, Row } from '../../api/rows.ts'
import type { TableDiff } from '../../api/snapshots.ts'
import { cellText } from '../../format/cell.ts'
import { fixedRows, type GridSource } from '../../parts/grid/grid-source.ts'

/** The rows of a difference for a grid: in front what became of the row; a value that changed stands with the one before. */
export function diffSource({ rowColumns, rows }: TableDiff): GridSource {
  return fixedRows(
    [{ name: 'change', type: 'VARCHAR' }, ...rowColumns],
    rows.map(({ before, after }): Row => {
      if (before === null) return ['+ came', ...(after ?? [])]
      if (after === null) return ['− went', ...before]
      return ['~ changed', ...after.map((value, index) => both(before[index] ?? null, value, rowColumns[index]?.type ?? ''))]
    }),
  )
}

function both(before: Json, after: Json, type: string): Json {
  if (JSON.stringify(before) === JSON.stringify(after)) return after
  return `${shown(before, type)} → ${shown(after, type)}`
}

function shown(value: Json, type: string): string {
  return value === null ? 'NULL' : value === '' ? 'empty' : cellText(value, type)
}
