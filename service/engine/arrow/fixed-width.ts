import { DuckDBTypeId } from '@duckdb/node-api'
import type { Table } from './flatbuffer.ts'

/** A type of Arrow's schema: which of the union, and its parameters. */
export interface ArrowType {
  readonly id: number
  readonly parameters: Table
}

/** Numbers of Arrow's union of types. @see https://github.com/apache/arrow/blob/main/format/Schema.fbs */
export const typeIds = {
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  fixedSizeList: 16,
  map: 17,
} as const

const units = { second: 0, millisecond: 1, microsecond: 2, nanosecond: 3 } as const

const int = (bits: number, signed: boolean): ArrowType => ({
  id: typeIds.int,
  parameters: [
    { kind: 'int32', value: bits },
    { kind: 'bool', value: signed ? 1 : 0 },
  ],
})
const float = (precision: number): ArrowType => ({ id: typeIds.float, parameters: [{ kind: 'int16', value: precision }] })
const time = (unit: keyof typeof units): ArrowType => ({
  id: typeIds.time,
  parameters: [
    { kind: 'int16', value: units[unit] },
    { kind: 'int32', value: 64 },
  ],
})
const timestamp = (unit: keyof typeof units, zone?: string): ArrowType => ({
  id: typeIds.timestamp,
  parameters: [{ kind: 'int16', value: units[unit] }, zone === undefined ? undefined : { kind: 'text', value: zone }],
})

export const decimal = (precision: number, scale: number): ArrowType => ({
  id: typeIds.decimal,
  parameters: [
    { kind: 'int32', value: precision },
    { kind: 'int32', value: scale },
    { kind: 'int32', value: 128 },
  ],
})

/** The types whose values DuckDB holds as Arrow does, with their width in bytes. */
export const fixedWidth: ReadonlyMap<DuckDBTypeId, { readonly width: number; readonly type: ArrowType }> = new Map([
  [DuckDBTypeId.TINYINT, { width: 1, type: int(8, true) }],
  [DuckDBTypeId.SMALLINT, { width: 2, type: int(16, true) }],
  [DuckDBTypeId.INTEGER, { width: 4, type: int(32, true) }],
  [DuckDBTypeId.BIGINT, { width: 8, type: int(64, true) }],
  [DuckDBTypeId.UTINYINT, { width: 1, type: int(8, false) }],
  [DuckDBTypeId.USMALLINT, { width: 2, type: int(16, false) }],
  [DuckDBTypeId.UINTEGER, { width: 4, type: int(32, false) }],
  [DuckDBTypeId.UBIGINT, { width: 8, type: int(64, false) }],
  // As DuckDB's own export has it, though a HUGEINT can have 39 digits: readers keep all 128 bits.
  [DuckDBTypeId.HUGEINT, { width: 16, type: decimal(38, 0) }],
  [DuckDBTypeId.FLOAT, { width: 4, type: float(1) }],
  [DuckDBTypeId.DOUBLE, { width: 8, type: float(2) }],
  [DuckDBTypeId.DATE, { width: 4, type: { id: typeIds.date, parameters: [{ kind: 'int16', value: 0 }] } }],
  [DuckDBTypeId.TIME, { width: 8, type: time('microsecond') }],
  [DuckDBTypeId.TIME_NS, { width: 8, type: time('nanosecond') }],
  [DuckDBTypeId.TIMESTAMP_S, { width: 8, type: timestamp('second') }],
  [DuckDBTypeId.TIMESTAMP_MS, { width: 8, type: timestamp('millisecond') }],
  [DuckDBTypeId.TIMESTAMP, { width: 8, type: timestamp('microsecond') }],
  [DuckDBTypeId.TIMESTAMP_NS, { width: 8, type: timestamp('nanosecond') }],
  [DuckDBTypeId.TIMESTAMP_TZ, { width: 8, type: timestamp('microsecond', 'UTC') }],
])
