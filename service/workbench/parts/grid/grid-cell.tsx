import type { Json } from '../../api/rows.ts'
import { cellText, isNumber } from '../../format/cell.ts'

interface GridCellProps {
  readonly id: string
  /** undefined: not here yet. */
  readonly value: Json | undefined
  readonly row: number
  readonly column: number
  /** Pixels. */
  readonly left: number
  readonly size: number
  readonly type: string
  readonly selected: boolean
  readonly active: boolean
}

/** NULL, an empty text and a value that is not here yet look different. */
export function GridCell({ id, value, row, column, left, size, type, selected, active }: GridCellProps) {
  const kind = value === undefined ? 'waiting' : value === null ? 'null' : value === '' ? 'empty' : ''
  return (
    <div
      id={id}
      class={`grid-cell ${kind} ${isNumber(type) ? 'number' : ''} ${active ? 'active' : ''}`}
      role="gridcell"
      tabIndex={-1}
      dir="auto"
      aria-colindex={column + 2}
      aria-selected={selected}
      data-row={row}
      data-column={column}
      style={{ left: `${left}px`, width: `${size}px` }}
    >
      {value === undefined ? '' : value === null ? 'NULL' : value === '' ? 'empty' : cellText(value, type)}
    </div>
  )
}
