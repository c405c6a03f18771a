import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One value of a result as JSON, the same in every answer (docs/service.md has the table). Nothing is rounded:
 * what JSON's numbers cannot hold exactly is a string. */
export function encodeJson(value: DuckDBValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(encodeJson)
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, encodeJson(entry)]))
  if (value instanceof DuckDBMapValue) return value.entries.map(entry => ({ key: encodeJson(entry.key), value: encodeJson(entry.value) }))
  if (value instanceof DuckDBUnionValue) return { tag: value.tag, value: encodeJson(value.value) }
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBBitValue) return value.toString()
  if (value instanceof DuckDBIntervalValue) return { months: value.months, days: value.days, micros: value.micros.toString() }
  if (value instanceof DuckDBTimestampTZValue) return isoTimestamp(new DuckDBTimestampValue(value.micros).toString(), 'Z')
  if (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  ) {
    return isoTimestamp(value.toString(), '')
  }
  // DECIMAL, UUID, DATE, TIME and TIMETZ print themselves exactly.
  return value.toString()
}

/** `2026-06-01 06:00:00` and `infinity` are how DuckDB prints it. */
function isoTimestamp(printed: string, zone: string): string {
  return /^-?\d/.test(printed) ? printed.replace(' ', 'T') + zone : printed
}
