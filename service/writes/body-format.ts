import type { SourceFormat } from '../engine/ingest/source.ts'
import { ServiceError } from '../errors.ts'
import type { Body } from '../spool/spool.ts'

/** What a body may be sent as. */
export const bodyTypes: Readonly<Record<string, SourceFormat>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/json': 'json',
  'text/csv': 'csv',
  'application/vnd.apache.parquet': 'parquet',
  'application/vnd.apache.arrow.stream': 'arrow',
}

/** @param contentType as the header has it, perhaps with parameters. @throws ServiceError unsupportedMediaType */
export function bodyFormat(contentType: string | undefined): SourceFormat {
  const [type = ''] = (contentType ?? '').toLowerCase().split(';')
  const format = bodyTypes[type.trim()]
  if (!format) {
    const known = Object.keys(bodyTypes).join(', ')
    throw new ServiceError('unsupportedMediaType', `The body is sent as "${contentType ?? ''}": send one of ${known}.`)
  }
  return format
}

/** The longest line that is read: what DuckDB's readers take at once. */
const maxLineBytes = 16_777_216

/** How a body is looked at as it arrives, where it is text. */
export function textOf(format: SourceFormat): Body['text'] {
  if (format === 'json') return {}
  return format === 'ndjson' || format === 'csv' ? { maxLineBytes } : undefined
}
