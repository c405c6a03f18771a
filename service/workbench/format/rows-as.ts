import type { Column, Json, Row } from '../api/rows.ts'
import { isNumber, valueText } from './cell.ts'
import { insertStatements } from './insert-statements.ts'

export const copyFormats = ['tsv', 'csv', 'json', 'markdown', 'insert'] as const
export type CopyFormat = (typeof copyFormats)[number]

/** Rows as text for another program. Digits stay as they are: a number that JSON's readers would round goes into JSON as text. */
export function rowsAs(format: CopyFormat, columns: readonly Column[], rows: readonly Row[], withHead: boolean): string {
  switch (format) {
    case 'tsv':
      return table(columns, rows, withHead, tsvField, '\t')
    case 'csv':
      return table(columns, rows, withHead, csvField, ',')
    case 'json':
      return JSON.stringify(
        rows.map(row => Object.fromEntries(uniqueNames(columns).map((name, index) => [name, row[index] ?? null]))),
        null,
        2,
      )
    case 'markdown':
      return markdown(columns, rows)
    case 'insert':
      return insertStatements(columns, rows)
  }
}

function table(
  columns: readonly Column[],
  rows: readonly Row[],
  withHead: boolean,
  field: (value: Json) => string,
  between: string,
): string {
  const head = withHead ? [columns.map(({ name }) => field(name)).join(between)] : []
  return [...head, ...rows.map(row => columns.map((_, index) => field(row[index] ?? null)).join(between))].join('\n')
}

/** As spreadsheets take it: in quotes where a tab or a line's end would break it. */
function tsvField(value: Json): string {
  const text = valueText(value)
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** NULL is nothing, an empty text is "". */
function csvField(value: Json): string {
  if (value === null) return ''
  const text = valueText(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function markdown(columns: readonly Column[], rows: readonly Row[]): string {
  const line = (fields: readonly string[]) => `| ${fields.join(' | ')} |`
  const field = (value: Json) => (value === null ? 'NULL' : valueText(value)).replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\r?\n/g, '<br>')
  return [
    line(columns.map(({ name }) => field(name))),
    line(columns.map(({ type }) => (isNumber(type) ? '---:' : '---'))),
    ...rows.map(row => line(columns.map((_, index) => field(row[index] ?? null)))),
  ].join('\n')
}

/** A name that comes twice gets a number, so that no value is lost. */
function uniqueNames(columns: readonly Column[]): string[] {
  const seen = new Map<string, number>()
  return columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name}_${times}`
  })
}
