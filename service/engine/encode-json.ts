import {
  DuckDBArrayValue,
  DuckDBBitValue,
  DuckDBBlobValue,
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
  if (value instanceof DuckDBUnionValue) return value.value === null ? null : String(value.value)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBBitValue) return value.toString()
  if (value instanceof DuckDBTimestampTZValue) return isoTimestamp(new DuckDBTimestampValue(value.micros).toString(), 'Z')
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.toString().replace(' ', 'T')
  if (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue
  ) {
    return isoTimestamp(value.toString(), '')
  }
  // DECIMAL, INTERVAL, UUID, DATE, TIME and TIMETZ print themselves exactly.
  return value.toString()
}

/** DuckDB prints `2026-06-01 06:00:00.5` and `infinity`; here the fraction always has its six digits. */
function isoTimestamp(printed: string, zone: string): string {
  const [, date, time, fraction = ''] = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(printed) ?? []
  return date === undefined ? printed : `${date}T${time}.${fraction.padEnd(6, '0')}${zone}`
}
