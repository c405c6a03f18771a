import { ServiceError } from '../errors.ts'

/** Rows of a request, each an object by column name. */
export interface SentRows {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** The same as one JSON array, as they were written: numbers keep all their digits. */
  readonly text: string
  /** What an error calls a row. */
  readonly placeOf: (index: number) => string
}

export type RowFormat = 'json' | 'ndjson'

/** Takes the body apart: one object, an array of objects, or lines of them.
 * @throws ServiceError invalidRequest that names the place */
export function readSentRows(body: Uint8Array, format: RowFormat): SentRows {
  const text = textOf(body)
  if (text.trim() === '') throw new ServiceError('invalidRequest', 'The body is empty: send rows as JSON or NDJSON.')
  if (format === 'ndjson') return ofLines(text)
  const parsed = parse(text, '')
  const rows = Array.isArray(parsed) ? parsed : [parsed]
  const placeOf = (index: number) => (Array.isArray(parsed) ? `Row ${index + 1}` : 'The row')
  return { rows: objects(rows, placeOf), text: Array.isArray(parsed) ? text : `[${text}]`, placeOf }
}

function ofLines(text: string): SentRows {
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), place: `Line ${index + 1}` }))
  const filled = lines.filter(({ line }) => line !== '')
  const placeOf = (index: number) => filled[index]?.place ?? ''
  const rows = filled.map(({ line, place }) => parse(line, `${place}: `))
  return { rows: objects(rows, placeOf), text: `[${filled.map(({ line }) => line).join(',')}]`, placeOf }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new ServiceError('invalidRequest', 'The body is not UTF-8.')
  }
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ServiceError('invalidRequest', `${place}this is no JSON: ${reason.slice(0, 200)}`)
  }
}

function objects(rows: readonly unknown[], placeOf: (index: number) => string): Readonly<Record<string, unknown>>[] {
  if (rows.length === 0) throw new ServiceError('invalidRequest', 'The body has no rows.')
  const other = rows.findIndex(row => !isObject(row))
  if (other >= 0) throw new ServiceError('invalidRequest', `${placeOf(other)} is no object: use {"column": value, …}.`)
  return rows.filter(isObject)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
