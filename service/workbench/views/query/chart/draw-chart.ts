import uPlot from 'uplot'
import type { ChartKind } from './chart-choice.ts'
import type { ChartData } from './chart-data.ts'
import { figureText } from './figures.ts'

export interface Colours {
  readonly text: string
  readonly line: string
  readonly series: readonly string[]
}

interface Drawing {
  readonly kind: ChartKind
  readonly data: ChartData
  readonly colours: Colours
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Is told the place that the pointer is nearest to. */
  readonly onPlace: (index: number) => void
}

/** What tells series apart for those who see no colours, in pixels of line and gap. */
const dashes = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 4], [1, 4], [14, 3, 3, 3]]

/** Of the room that a place has on the axis, how much its bars take together. */
const barsWidth = 0.8

/** Characters of a name below the axis. */
const maxLabel = 14

/** Draws into an element. The canvas shows nothing that is not in the table below it. */
export function drawChart(target: HTMLElement, { kind, data, colours, width, height, onPlace }: Drawing): uPlot {
  const bars = kind === 'bar' || kind === 'histogram'
  const axis = { stroke: colours.text, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 } }
  const many = data.labels.length
  const options: uPlot.Options = {
    width,
    height,
    legend: { show: false },
    padding: [12, 16, 0, 0],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    cursor: { y: false, drag: { x: true, y: false }, points: { show: !bars } },
    scales: {
      x: { time: data.axis === 'time', ...(bars && { range: () => [-0.6, many - 0.4] }) },
      y: { range: (_, low, high) => rangeOf(low, high, bars) },
    },
    axes: [
      data.axis === 'names' ? { ...axis, ...namedAxis(data.labels, width) } : data.axis === 'time' ? { ...axis, ...timeAxis } : axis,
      { ...axis, size: 74, values: (_, splits) => splits.map(value => shortFigure(value)) },
    ],
    series: [
      {},
      ...data.series.map(({ label }, index) => ({
        label,
        stroke: colours.series[index] ?? colours.text,
        width: bars ? 0 : 2,
        spanGaps: true,
        ...(kind === 'line' && {
          dash: dashes[index] ?? [],
          points: { show: many <= 60, fill: colours.series[index] ?? colours.text, size: 5 },
        }),
        ...(kind === 'scatter' && { paths: () => null, points: { show: true, size: 6, fill: colours.series[index] ?? colours.text } }),
        ...(bars && barsOf(index, data, colours)),
      })),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => typeof idx === 'number' && onPlace(idx)] },
  }
  return new uPlot(options, [[...data.places], ...data.series.map(({ values }) => [...values])], target)
}

/** The bars of one place stand side by side. */
function barsOf(index: number, { series, places }: ChartData, colours: Colours): Partial<uPlot.Series> {
  const each = barsWidth / series.length
  const paths = uPlot.paths.bars?.({
    disp: {
      x0: { unit: 1, values: () => places.map(place => place - barsWidth / 2 + index * each) },
      size: { unit: 1, values: () => places.map(() => each) },
    },
  })
  return { ...(paths && { paths }), fill: colours.series[index] ?? colours.text, points: { show: false } }
}

/** Bars grow out of zero; everything has a little room above. */
function rangeOf(low: number | null, high: number | null, fromZero: boolean): [number, number] {
  const [least, most] = [fromZero ? Math.min(low ?? 0, 0) : (low ?? 0), fromZero ? Math.max(high ?? 1, 0) : (high ?? 1)]
  const room = (most - least || Math.abs(most) || 1) * 0.06
  return [fromZero && least === 0 ? 0 : least - room, most + room]
}

/** As many names as there is room for, slanted where they are long. */
function namedAxis(labels: readonly string[], width: number): Partial<uPlot.Axis> {
  const longest = Math.min(
    labels.reduce((most, { length }) => Math.max(most, length), 1),
    maxLabel,
  )
  const room = (width - 90) / Math.max(labels.length, 1)
  const slanted = longest * 7 > room
  const every = Math.ceil((slanted ? 18 : longest * 7) / Math.max(room, 0.1))
  return {
    splits: () => labels.flatMap((_, index) => (index % Math.max(every, 1) === 0 ? [index] : [])),
    values: (_, splits) => splits.map(index => shortened(labels[index] ?? '')),
    rotate: slanted ? -40 : 0,
    size: slanted ? 28 + longest * 5 : 40,
    grid: { show: false },
  }
}

const timeAxis: Partial<uPlot.Axis> = {
  space: 110,
  values: (_self, splits, _axis, _space, increment) => splits.map(seconds => timeText(seconds, increment)),
}

/** As the result shows it, without what all places have in common. @param increment seconds between two places */
function timeText(seconds: number, increment: number): string {
  const text = new Date(seconds * 1_000).toISOString()
  if (increment >= 86_400) return text.slice(0, 10)
  return increment >= 60 ? text.slice(5, 16).replace('T', ' ') : text.slice(11, increment >= 1 ? 19 : 23)
}

function shortened(label: string): string {
  return label.length > maxLabel ? `${label.slice(0, maxLabel - 1)}…` : label
}

function shortFigure(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(1)
  const [divisor, unit] = size >= 1e12 ? [1e12, 'T'] : size >= 1e9 ? [1e9, 'G'] : size >= 1e6 ? [1e6, 'M'] : [1, '']
  return `${figureText(value / divisor)}${unit}`
}
