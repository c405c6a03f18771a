import { type ReadonlySignal, signal } from '@preact/signals'
import type { Problem } from '../../api/ask.ts'
import type { Column, Row } from '../../api/rows.ts'

/** Rows for a grid, wherever they lie. */
export interface GridSource {
  readonly columns: readonly Column[]
  readonly rowCount: number
  /** Counts up when rows have come. */
  readonly changed: ReadonlySignal<number>
  /** Why some do not come, if so. */
  readonly problem: ReadonlySignal<Problem | undefined>
  /** @returns undefined as long as it is not here */
  rowAt(index: number): Row | undefined
  /** Has these brought if they are not here. */
  want(from: number, to: number): void
  /** All of these, once they are here. @throws ProblemError */
  rows(from: number, to: number): Promise<readonly Row[]>
}

/** Rows that are all here. */
export function fixedRows(columns: readonly Column[], rows: readonly Row[]): GridSource {
  return {
    columns,
    rowCount: rows.length,
    changed: signal(0),
    problem: signal(undefined),
    rowAt: index => rows[index],
    want: () => {},
    rows: async (from, to) => rows.slice(from, to),
  }
}
