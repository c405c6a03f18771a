import type { Column, Row } from '../../../api/rows.ts'
import type { ChartData } from './chart-data.ts'
import { figureOf } from './figures.ts'

/** 0.3 / 0.1 is a little less than 3. */
const rounding = 1e-9

/** As many as a person can compare. */
const wantedBins = 24

/** How many rows have a value within each of some equal ranges, whose bounds are round numbers. */
export function binned(name: string, columns: readonly Column[], rows: readonly Row[]): ChartData {
  const at = columns.findIndex(column => column.name === name)
  const values = rows.flatMap(row => figureOf(row[at]) ?? [])
  const without = rows.length - values.length
  const left = without > 0 ? [`${without} rows have no number there.`] : []
  if (values.length === 0) return { axis: 'names', places: [], labels: [], series: [{ label: 'rows', values: [] }], left }
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
  const whole = /INT/.test(columns[at]?.type ?? '')
  const step = Math.max(roundStep((high - low) / wantedBins), whole ? 1 : 0)
  const first = Math.floor(low / step + rounding)
  const counts = Array.from({ length: Math.floor(high / step + rounding) - first + 1 }, () => 0)
  for (const value of values) {
    const bin = Math.min(Math.floor(value / step + rounding) - first, counts.length - 1)
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const bound = (bin: number) => Number(((first + bin) * step).toPrecision(10))
  const labels = counts.map((_, bin) => (whole && step === 1 ? String(bound(bin)) : `${bound(bin)} – ${bound(bin + 1)}`))
  return { axis: 'names', places: counts.map((_, bin) => bin), labels, series: [{ label: 'rows', values: counts }], left }
}

/** 1, 2 or 5 times a power of ten that is at least as large. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5, 10].find(times => times * power >= least) ?? 10) * power
}
