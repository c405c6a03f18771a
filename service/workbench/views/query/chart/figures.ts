import type { Json } from '../../../api/rows.ts'

/** Rounded to what a screen can show: the table has all digits. */
export function figureOf(value: Json | undefined): number | null {
  if (value === null || value === undefined || value === '') return null
  const figure = Number(value)
  return Number.isFinite(figure) ? figure : null
}

/** A date or time in seconds since 1970, in UTC as the service writes them. */
export function secondsOf(value: Json | undefined): number | null {
  if (typeof value !== 'string') return null
  const ms = Date.parse(value.length === 10 ? `${value}T00:00:00Z` : value.endsWith('Z') ? value : `${value}Z`)
  return Number.isNaN(ms) ? null : ms / 1_000
}

/** A figure as a chart shows it. */
export function figureText(figure: number | null | undefined): string {
  return figure === null || figure === undefined ? '–' : figure.toLocaleString('en', { maximumFractionDigits: 6 })
}
