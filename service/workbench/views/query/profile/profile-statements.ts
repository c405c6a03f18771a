import type { Column } from '../../../api/rows.ts'
import { isNumber } from '../../../format/cell.ts'

/** Bars of a histogram, and values that are listed with how often they come. */
export const [bars, topValues] = [20, 10] as const

/** What a column is drawn by: its place in time, its figure, or its most frequent values. */
export function measureOf({ type }: Column): 'figure' | 'time' | 'values' {
  if (isNumber(type)) return 'figure'
  return /^(DATE|TIMESTAMP)/.test(type) && !type.endsWith(']') ? 'time' : 'values'
}

/** Around a statement, whose columns get names of their own: theirs may come twice. */
function around(sql: string, columns: readonly Column[]): string {
  return `FROM (\n${sql}\n) AS result(${columns.map((_, index) => `c${index}`).join(', ')})`
}

/** For those who read the history. */
function said(index: number): string {
  return `-- What is in column ${index + 1}\n`
}

/** One row: all, those with a value, how many different ones there are about, the least and the most, as texts and as figures. */
export function summaryStatement(sql: string, columns: readonly Column[], index: number): string {
  const [name, column] = [`c${index}`, columns[index]]
  const measure = column ? measureOf(column) : 'values'
  const bounds =
    measure === 'values' && column && /^(STRUCT|MAP|UNION)|\]$/.test(column.type)
      ? 'NULL, NULL'
      : `min(${name})::VARCHAR, max(${name})::VARCHAR`
  const figure = figureOf(name, measure)
  const figures = figure === undefined ? 'NULL, NULL' : `min(${figure}), max(${figure})`
  return `${said(index)}SELECT count(*), count(${name}), approx_count_distinct(${name}), ${bounds}, ${figures}\n${around(sql, columns)}`
}

/** Rows of a bar's number and how many values lie in it. */
export function histogramStatement(sql: string, columns: readonly Column[], index: number, low: number, high: number): string {
  const column = columns[index]
  const figure = figureOf(`c${index}`, column ? measureOf(column) : 'values') ?? 'NULL'
  const step = (high - low) / bars || 1
  return `${said(index)}SELECT least(floor((${figure} - (${low}::DOUBLE)) / (${step}::DOUBLE)), ${bars - 1})::INTEGER AS bar, count(*) AS n
${around(sql, columns)}
WHERE isfinite(${figure})
GROUP BY bar ORDER BY bar`
}

/** Rows of a value as text and how often it comes. */
export function topStatement(sql: string, columns: readonly Column[], index: number): string {
  return `${said(index)}SELECT left(c${index}::VARCHAR, 200) AS value, count(*) AS n\n${around(sql, columns)}\nWHERE c${index} IS NOT NULL\nGROUP BY value ORDER BY n DESC, value LIMIT ${topValues}`
}

function figureOf(name: string, measure: ReturnType<typeof measureOf>): string | undefined {
  return { figure: `${name}::DOUBLE`, time: `epoch(${name}::TIMESTAMP)`, values: undefined }[measure]
}
