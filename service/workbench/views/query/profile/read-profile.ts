import { query } from '../../../api/queries.ts'
import type { Json } from '../../../api/rows.ts'
import type { Result } from '../run.ts'
import { bars, histogramStatement, measureOf, summaryStatement, topStatement } from './profile-statements.ts'

export interface Profile {
  readonly rows: number
  /** That are not NULL. */
  readonly values: number
  /** DuckDB's estimate. */
  readonly distinct: number
  readonly least: string | null
  readonly most: string | null
  readonly kind: 'figure' | 'time' | 'values'
  /** Bars of a histogram by where they begin, or the most frequent values. */
  readonly spread: readonly { readonly label: string; readonly n: number }[]
}

/** Asks the statement of a result again, for what is in one of its columns. @throws ProblemError */
export async function readProfile({ pages: { columns }, entry }: Result, index: number, signal: AbortSignal): Promise<Profile> {
  const column = columns[index]
  const kind = column ? measureOf(column) : 'values'
  const ask = async (sql: string) => {
    const { params, asOf } = entry
    const { rows } = await query({ sql, ...(params && { params }), ...(asOf && { asOf }) }, signal)
    return rows
  }
  const [[rows, values, distinct, least, most, low, high] = []] = await ask(summaryStatement(entry.sql, columns, index))
  const facts = { rows: Number(rows), values: Number(values), distinct: Number(distinct), least: textOf(least), most: textOf(most), kind }
  if (kind === 'values') {
    const top = await ask(topStatement(entry.sql, columns, index))
    return { ...facts, spread: top.map(([value, n]) => ({ label: String(value), n: Number(n) })) }
  }
  const [from, to] = [Number(low), Number(high)]
  if (low === null || !Number.isFinite(from) || !Number.isFinite(to)) return { ...facts, spread: [] }
  const counted = new Map((await ask(histogramStatement(entry.sql, columns, index, from, to))).map(([bar, n]) => [Number(bar), Number(n)]))
  const step = (to - from) / bars
  const filled = step === 0 ? 1 : bars
  const spread = Array.from({ length: filled }, (_, bar) => ({ label: labelOf(from + bar * step, kind), n: counted.get(bar) ?? 0 }))
  return { ...facts, spread }
}

function labelOf(start: number, kind: 'figure' | 'time'): string {
  return kind === 'time' ? new Date(start * 1_000).toISOString().replace('T', ' ').slice(0, 19) : String(Number(start.toPrecision(6)))
}

function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
