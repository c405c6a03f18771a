import type { AsOf } from '../../api/queries.ts'
import { randomId } from '../../random-id.ts'
import type { ChartChoice } from './chart/chart-choice.ts'

export const resultViews = ['result', 'chart', 'plan', 'messages'] as const
export type ResultView = (typeof resultViews)[number]

/** What is typed for a parameter, and what it shall be taken for. */
export interface ParameterInput {
  readonly text: string
  /** A DuckDB type; `auto`: a number if it looks like one. `null`: no value. */
  readonly type: string
}

/** One query that is being written, with all that belongs to it. */
export interface Tab {
  readonly id: string
  readonly title: string
  readonly sql: string
  readonly params: Readonly<Record<string, ParameterInput>>
  readonly asOf?: AsOf | undefined
  readonly view: ResultView
  readonly chart?: ChartChoice | undefined
  /** Columns of the result that are not shown. */
  readonly hidden?: readonly string[] | undefined
  /** The query whose result is shown, or that runs: it goes on when the page is loaded again. */
  readonly queryId?: string | undefined
}

export function newTab(given: Partial<Omit<Tab, 'id'>> = {}): Tab {
  return { id: randomId(), title: '', sql: '', params: {}, view: 'result', ...given }
}

/** Its title, or what can be made out of its statement. */
export function titleOf({ title, sql }: Tab): string {
  if (title !== '') return title
  const line = sql
    .split('\n')
    .map(each => each.replace(/^\s*--\s*/, '').trim())
    .find(each => each !== '')
  if (line === undefined) return 'New query'
  return line.length > 28 ? `${line.slice(0, 27)}…` : line
}
