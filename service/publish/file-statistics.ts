import { type PhysicalNames, physicalName } from './physical-names.ts'

/** What the catalog knows of a column in one file. */
export interface ColumnStatistics {
  readonly columnId: number
  /** Null where it does not know. */
  readonly nullCount: number | null
  readonly min: string | null
  readonly max: string | null
  readonly containsNan: boolean | null
}

/** Longer texts make the log larger than they help. */
const maxText = 64

const whole = /^-?\d+$/
const wholes = new Set(['byte', 'short', 'integer', 'long'])

/** What readers may pass over a file by, as the text that Delta keeps: numbers keep all of their digits. Where rows are deleted the bounds
 * are of those that were there before. @param types Delta's, by the column's id */
export function statisticsText(
  rowCount: number,
  columns: readonly ColumnStatistics[],
  types: ReadonlyMap<number, string>,
  names: PhysicalNames,
  hasDeletions: boolean,
): string {
  const known = columns.filter(({ columnId }) => types.has(columnId))
  const entries = (value: (column: ColumnStatistics) => string | undefined) =>
    known.flatMap(column => {
      const text = value(column)
      return text === undefined ? [] : [`${JSON.stringify(physicalName(names, column.columnId))}:${text}`]
    })
  const bound = (which: 'min' | 'max') =>
    entries(column => (column.containsNan === true ? undefined : boundText(column[which], types.get(column.columnId) ?? '', which)))
  return `{"numRecords":${rowCount},"minValues":{${bound('min')}},"maxValues":{${bound('max')}},"nullCount":{${entries(({ nullCount }) =>
    nullCount === null ? undefined : `${nullCount}`,
  )}},"tightBounds":${!hasDeletions}}`
}

/** @returns JSON; undefined where Delta has no word for it, or another order */
function boundText(value: string | null, type: string, which: 'min' | 'max'): string | undefined {
  if (value === null) return undefined
  if (wholes.has(type)) return whole.test(value) ? value : undefined
  if (type.startsWith('decimal')) return /^-?\d+(\.\d+)?$/.test(value) ? value : undefined
  if (type === 'float' || type === 'double') return floatText(value)
  if (type === 'date') return /^\d{4}-\d\d-\d\d$/.test(value) ? `"${value}"` : undefined
  if (type === 'timestamp' || type === 'timestamp_ntz') return timestampText(value, type === 'timestamp', which)
  if (type === 'string') return value.length <= maxText ? JSON.stringify(value) : undefined
  return undefined
}

/** Zero has two signs, which not all compare alike. */
function floatText(value: string): string | undefined {
  const number = Number(value)
  return Number.isFinite(number) && number !== 0 && value.trim() !== '' ? `${number}` : undefined
}

/** Delta keeps milliseconds: the bound is the nearest one outside. */
function timestampText(value: string, zoned: boolean, which: 'min' | 'max'): string | undefined {
  const [, day, time, fraction = '', zone = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(\+00)?$/.exec(value) ?? []
  if (day === undefined || time === undefined || (zone !== '') !== zoned) return undefined
  const ms = Date.parse(`${day}T${time}Z`) + Number(fraction.padEnd(3, '0').slice(0, 3))
  const rounded = which === 'max' && /[1-9]/.test(fraction.slice(3)) ? ms + 1 : ms
  if (Number.isNaN(rounded)) return undefined
  const text = new Date(rounded).toISOString()
  return `"${zoned ? text : text.slice(0, -1)}"`
}
