/** A cell; row −1 is the head. */
export interface Cell {
  readonly row: number
  readonly column: number
}

/** Where the keyboard is, and the other corner of what is selected. */
export interface Selection {
  readonly active: Cell
  readonly anchor: Cell
}

export interface Range {
  readonly top: number
  readonly left: number
  /** The last of each, not the one behind it. */
  readonly bottom: number
  readonly right: number
}

export const start: Selection = { active: { row: 0, column: 0 }, anchor: { row: 0, column: 0 } }

export function rangeOf({ active, anchor }: Selection): Range {
  return {
    top: Math.max(Math.min(active.row, anchor.row), 0),
    left: Math.min(active.column, anchor.column),
    bottom: Math.max(active.row, anchor.row),
    right: Math.max(active.column, anchor.column),
  }
}

export function holds({ top, left, bottom, right }: Range, row: number, column: number): boolean {
  return top <= row && row <= bottom && left <= column && column <= right
}

interface Size {
  readonly rows: number
  readonly columns: number
  /** Rows that are in sight at once. */
  readonly pageRows: number
}

/** Where a key leads, as the pattern for grids has it; undefined for a key that leads nowhere.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/ */
export function cellAfterKey(key: string, control: boolean, { row, column }: Cell, { rows, columns, pageRows }: Size): Cell | undefined {
  const at = (nextRow: number, nextColumn: number): Cell => ({
    row: Math.min(Math.max(nextRow, -1), rows - 1),
    column: Math.min(Math.max(nextColumn, 0), columns - 1),
  })
  switch (key) {
    case 'ArrowUp':
      return at(control ? 0 : row - 1, column)
    case 'ArrowDown':
      return at(control ? rows - 1 : row + 1, column)
    case 'ArrowLeft':
      return at(row, control ? 0 : column - 1)
    case 'ArrowRight':
      return at(row, control ? columns - 1 : column + 1)
    case 'Home':
      return at(control ? 0 : row, 0)
    case 'End':
      return at(control ? rows - 1 : row, columns - 1)
    case 'PageUp':
      return at(Math.max(row - pageRows, Math.min(row, 0)), column)
    case 'PageDown':
      return at(row + pageRows, column)
    default:
      return undefined
  }
}
