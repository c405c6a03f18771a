import type { Column, Json, Row } from '../../../api/rows.ts'
import { cellText } from '../../../format/cell.ts'
import { type ChartChoice, isFigure, isTime, maxSeries } from './chart-choice.ts'
import { figureOf, secondsOf } from './figures.ts'

/** One line, group of bars or cloud of points; null: nothing at that place. */
export interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
}

/** What is drawn, with as many values in each series as there are places along the axis. */
export interface ChartData {
  /** `names`: places are numbered, and have labels. `time`: seconds since 1970 in UTC. */
  readonly axis: 'names' | 'figures' | 'time'
  readonly places: readonly number[]
  readonly labels: readonly string[]
  readonly series: readonly Series[]
  /** What is not drawn, as sentences. */
  readonly left: readonly string[]
}

/** Bars are as wide as a finger is thick at best. */
const maxBars = 400

interface Point {
  readonly place: number
  readonly label: string
  readonly series: string
  readonly value: number | null
}

/** Lines, bars and points; a histogram is made in histogram.ts. */
export function chartData(choice: ChartChoice, columns: readonly Column[], rows: readonly Row[]): ChartData {
  const axis = axisOf(choice, columns)
  const points = pointsOf(choice, axis, columns, rows)
  const names = [...new Set(points.map(({ series }) => series))]
  const left = names.length > maxSeries ? [`${names.length - maxSeries} of ${names.length} series are not drawn.`] : []
  const shown = names.slice(0, maxSeries)
  const drawn = points.filter(({ series }) => shown.includes(series))
  return choice.kind === 'scatter' ? scattered(axis, drawn, shown, left) : aligned(axis, drawn, shown, left)
}

function axisOf({ kind, x }: ChartChoice, columns: readonly Column[]): ChartData['axis'] {
  const column = columns.find(({ name }) => name === x)
  if (kind === 'bar' || !column) return 'names'
  return isTime(column) ? 'time' : isFigure(column) ? 'figures' : 'names'
}

function pointsOf({ x, y, by }: ChartChoice, axis: ChartData['axis'], columns: readonly Column[], rows: readonly Row[]): Point[] {
  const at = columns.findIndex(({ name }) => name === x)
  const type = columns[at]?.type ?? ''
  const split = by === undefined ? -1 : columns.findIndex(({ name }) => name === by)
  const numbered = new Map<string, number>()
  return rows.flatMap(row => {
    const label = nameOf(row[at], type)
    if (axis === 'names' && !numbered.has(label)) numbered.set(label, numbered.size)
    const place = axis === 'names' ? (numbered.get(label) ?? 0) : axis === 'time' ? secondsOf(row[at]) : figureOf(row[at])
    if (place === null) return []
    return y.map(name => {
      const group = split < 0 ? '' : nameOf(row[split], columns[split]?.type ?? '')
      const series = split < 0 ? name : y.length > 1 ? `${group} · ${name}` : group
      return { place, label, series, value: figureOf(row[columns.findIndex(column => column.name === name)]) }
    })
  })
}

/** Each series has a value at each place. Where a place comes twice in a series, the last one counts, and that is said. */
function aligned(axis: ChartData['axis'], points: readonly Point[], names: readonly string[], left: readonly string[]): ChartData {
  const labels = new Map(points.map(({ place, label }) => [place, label]))
  const all = [...labels.keys()].sort((a, b) => a - b)
  const places = axis === 'names' ? all.slice(0, maxBars) : all
  const more = all.length - places.length
  let twice = 0
  const series = names.map(label => {
    const values = new Map<number, number | null>()
    for (const { series: name, place, value } of points) {
      if (name !== label) continue
      if (values.has(place)) twice++
      values.set(place, value)
    }
    return { label, values: places.map(place => values.get(place) ?? null) }
  })
  const said = [
    ...left,
    ...(more > 0 ? [`The first ${maxBars} of ${all.length} names are drawn.`] : []),
    ...(twice > 0 ? [`${twice} rows have a place along the axis that another row has too: only the last one of each is drawn.`] : []),
  ]
  return { axis, places, labels: places.map(place => labels.get(place) ?? ''), series, left: said }
}

/** Every point has a place of its own, in the order of places. */
function scattered(axis: ChartData['axis'], points: readonly Point[], names: readonly string[], left: readonly string[]): ChartData {
  const sorted = points.toSorted((a, b) => a.place - b.place)
  const series = names.map(label => ({ label, values: sorted.map(({ series: name, value }) => (name === label ? value : null)) }))
  return { axis, places: sorted.map(({ place }) => place), labels: sorted.map(({ label }) => label), series, left }
}

function nameOf(value: Json | undefined, type: string): string {
  return value === null || value === undefined ? 'NULL' : value === '' ? 'empty' : cellText(value, type)
}
