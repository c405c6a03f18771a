import type { Column, Row } from '../../../api/rows.ts'
import { isNumber } from '../../../format/cell.ts'

export const chartKinds = ['bar', 'line', 'scatter', 'histogram'] as const
export type ChartKind = (typeof chartKinds)[number]

/** What is drawn: columns by their names, so that the choice fits the next result of the same statement. */
export interface ChartChoice {
  readonly kind: ChartKind
  readonly x: string
  readonly y: readonly string[]
  /** A column whose values make a series each. */
  readonly by?: string | undefined
}

/** More lines or groups of bars cannot be told apart. */
export const maxSeries = 8

export function isTime({ type }: Column): boolean {
  return /^(DATE|TIMESTAMP)/.test(type) && !type.endsWith(']')
}

export function isFigure({ type }: Column): boolean {
  return isNumber(type)
}

/** Whether its values can stand along the axis of a chart, or name a series. */
export function isPlain({ type }: Column): boolean {
  return !/\]$|^(STRUCT|MAP|UNION|BLOB)/.test(type)
}

/** A choice that fits the result: the one that was made if its columns are there, else what its types suggest.
 * @returns undefined if no column has figures */
export function chartFor(columns: readonly Column[], rows: readonly Row[], chosen?: ChartChoice): ChartChoice | undefined {
  const figures = columns.filter(isFigure)
  if (figures.length === 0) return undefined
  if (!chosen) return suggested(columns, rows, figures)
  const has = (name: string) => columns.some(column => column.name === name && isPlain(column))
  const y = chosen.y.filter(name => figures.some(column => column.name === name)).slice(0, maxSeries)
  if (y.length === 0 || (chosen.kind !== 'histogram' && !has(chosen.x))) return suggested(columns, rows, figures)
  return { ...chosen, y, by: chosen.by !== undefined && has(chosen.by) ? chosen.by : undefined }
}

/** Time goes along a line, names stand below bars; two figures are a line if the first only grows, else points; one is counted. */
function suggested(columns: readonly Column[], rows: readonly Row[], figures: readonly Column[]): ChartChoice {
  const [first, second] = figures
  const time = columns.find(isTime)
  const named = columns.find(column => isPlain(column) && !isFigure(column) && !isTime(column))
  const y = [first?.name ?? '']
  if (time) return { kind: 'line', x: time.name, y, by: repeats(columns.indexOf(time), rows) ? named?.name : undefined }
  if (named) return { kind: 'bar', x: named.name, y }
  if (!first || !second) return { kind: 'histogram', x: '', y }
  const kind = grows(columns.indexOf(first), rows) ? 'line' : 'scatter'
  return { kind, x: first.name, y: [second.name] }
}

function grows(column: number, rows: readonly Row[]): boolean {
  return rows.every((row, index) => index === 0 || Number(row[column]) > Number(rows[index - 1]?.[column]))
}

function repeats(column: number, rows: readonly Row[]): boolean {
  return new Set(rows.map(row => String(row[column]))).size < rows.length
}
