import type { AsOf } from '../../api/queries.ts'
import { type ChartChoice, chartKinds } from './chart/chart-choice.ts'
import { inputOf, parameterOf } from './parameters.ts'
import { resultViews, type Tab } from './tab.ts'

/** What a link carries: statement, parameters, snapshot, view. It stands in the address's fragment, which is sent to no server. */
export function searchOf({ title, sql, params, asOf, view, chart, hidden = [] }: Tab): Record<string, string> {
  const values = Object.fromEntries(Object.entries(params).map(([name, input]) => [name, parameterOf(input)]))
  return {
    sql,
    ...(title !== '' && { title }),
    ...(Object.keys(values).length > 0 && { params: JSON.stringify(values) }),
    ...(asOf && { asOf: asOf.version ?? asOf.timestamp ?? '' }),
    ...(view !== 'result' && { view }),
    ...(chart && { chart: JSON.stringify(chart) }),
    ...(hidden.length > 0 && { hidden: JSON.stringify(hidden) }),
  }
}

/** The tab that a link describes, as far as it can be read; undefined if it describes none. */
export function tabOfLink(search: URLSearchParams): Partial<Omit<Tab, 'id'>> | undefined {
  const sql = search.get('sql')
  if (sql === null) return undefined
  const asOf = asOfText(search.get('asOf') ?? '')
  const chart = chartOf(parsed(search.get('chart')))
  const hidden = textsOf(parsed(search.get('hidden')))
  return {
    sql,
    title: search.get('title') ?? '',
    params: paramsOf(parsed(search.get('params'))),
    view: resultViews.find(view => view === search.get('view')) ?? 'result',
    ...(asOf && { asOf }),
    ...(chart && { chart }),
    ...(hidden.length > 0 && { hidden }),
  }
}

/** The number of a version, or a time. */
export function asOfText(text: string): AsOf | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^\d{1,19}$/.test(trimmed) ? { version: trimmed } : { timestamp: trimmed }
}

function paramsOf(value: unknown): Tab['params'] {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
      if (given === null || typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean')
        return [[name, inputOf(given)]]
      if (typeof given !== 'object' || !('type' in given) || !('value' in given)) return []
      return [[name, { text: String(given.value ?? ''), type: String(given.type) }]]
    }),
  )
}

function chartOf(value: unknown): ChartChoice | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('x' in value) || !('y' in value)) return undefined
  const kind = chartKinds.find(each => each === value.kind)
  if (!kind || typeof value.x !== 'string') return undefined
  const by = 'by' in value && typeof value.by === 'string' ? { by: value.by } : {}
  return { kind, x: value.x, y: textsOf(value.y), ...by }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
