import {
  ARRAY,
  arrayValue,
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimeNSValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  INTEGER,
  LIST,
  listValue,
  MAP,
  mapValue,
  SMALLINT,
  STRUCT,
  structValue,
  TIME,
  TIME_NS,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import { type Data, DataType, type DateUnit, Precision, TimeUnit } from 'apache-arrow'
import { ServiceError } from '../../errors.ts'

/** How a column of an Arrow stream becomes one of DuckDB. */
export interface ArrowColumn {
  readonly type: DuckDBType
  /** @param index of a value that is not null. @throws ServiceError dataInvalid if the bytes are not what the stream says. */
  read(data: Data, index: number): DuckDBValue
}

/** @throws ServiceError dataInvalid that names the column, if DuckDB has no such type. */
export function arrowColumn(name: string, type: DataType): ArrowColumn {
  const plain = plainColumn(name, type)
  if (plain) return plain
  const part = (child: DataType): ArrowColumn => arrowColumn(name, child)
  if (DataType.isDictionary(type)) {
    const { type: itemType, read } = part(type.dictionary)
    return { type: itemType, read: (data, index) => fromDictionary(data, number(data, index), read) }
  }
  if (DataType.isMap(type)) {
    const [key, value] = type.childType.children.map(({ type: each }) => part(each))
    if (!key || !value) throw unsupported(name, type)
    const read = (data: Data, index: number) => {
      const entries = onlyChild(data)
      const [keys, values] = entries.children
      if (!keys || !values) throw broken(name)
      return mapValue(span(name, data, index).map(at => ({ key: valueAt(keys, at, key), value: valueAt(values, at, value) })))
    }
    return { type: MAP(key.type, value.type), read }
  }
  if (DataType.isList(type)) {
    const item = part(type.valueType)
    return {
      type: LIST(item.type),
      read: (data, index) => listValue(span(name, data, index).map(at => valueAt(onlyChild(data), at, item))),
    }
  }
  if (DataType.isFixedSizeList(type)) {
    const item = part(type.valueType)
    const { listSize } = type
    const read = (data: Data, index: number) =>
      arrayValue(Array.from({ length: listSize }, (_, offset) => valueAt(onlyChild(data), index * listSize + offset, item)))
    return { type: ARRAY(item.type, listSize), read }
  }
  if (DataType.isStruct(type)) {
    const fields = type.children.map(child => ({ name: child.name, ...part(child.type) }))
    const read = (data: Data, index: number) =>
      structValue(Object.fromEntries(fields.map((field, at) => [field.name, valueAt(childAt(data, at), index, field)])))
    return { type: STRUCT(Object.fromEntries(fields.map(field => [field.name, field.type]))), read }
  }
  throw unsupported(name, type)
}

/** @returns NULL for a null. */
export function valueAt(data: Data, index: number, column: ArrowColumn): DuckDBValue {
  return DataType.isNull(data.type) || !data.getValid(index) ? null : column.read(data, index)
}

function plainColumn(name: string, type: DataType): ArrowColumn | undefined {
  if (DataType.isNull(type)) return { type: VARCHAR, read: () => null }
  if (DataType.isBool(type)) return { type: BOOLEAN, read: (data, index) => ((bytesOf(data)[index >> 3] ?? 0) >> (index & 7)) % 2 === 1 }
  if (DataType.isInt(type)) return { type: integerType(type.bitWidth, type.isSigned), read: type.bitWidth === 64 ? big : number }
  if (DataType.isFloat(type) && type.precision === Precision.SINGLE) return { type: FLOAT, read: number }
  if (DataType.isFloat(type) && type.precision === Precision.DOUBLE) return { type: DOUBLE, read: number }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type))
    return { type: VARCHAR, read: (data, index) => textOf(name, bytesAt(name, data, index)) }
  if (DataType.isBinary(type) || DataType.isLargeBinary(type))
    return { type: BLOB, read: (data, index) => blobValue(bytesAt(name, data, index)) }
  if (DataType.isFixedSizeBinary(type)) {
    const { byteWidth } = type
    return { type: BLOB, read: (data, index) => blobValue(bytesOf(data).slice(index * byteWidth, (index + 1) * byteWidth)) }
  }
  if (DataType.isDecimal(type) && type.bitWidth === 128) {
    const { precision, scale } = type
    return { type: DECIMAL(precision, scale), read: (data, index) => new DuckDBDecimalValue(wide(data, index), precision, scale) }
  }
  if (DataType.isDate(type)) return { type: DATE, read: dateReader(type.unit) }
  if (DataType.isTime(type)) return timeColumn(type.unit)
  if (DataType.isTimestamp(type)) return timestampColumn(name, type.unit, Boolean(type.timezone))
  return undefined
}

function integerType(bits: number, signed: boolean): DuckDBType {
  if (bits === 8) return signed ? TINYINT : UTINYINT
  if (bits === 16) return signed ? SMALLINT : USMALLINT
  if (bits === 32) return signed ? INTEGER : UINTEGER
  return signed ? BIGINT : UBIGINT
}

const dayMs = 86_400_000

function dateReader(unit: DateUnit): ArrowColumn['read'] {
  // In days, or in milliseconds of whole days.
  return (data, index) => new DuckDBDateValue(unit === 0 ? number(data, index) : Math.floor(Number(big(data, index)) / dayMs))
}

/** Microseconds in each unit. */
const micros = { [TimeUnit.SECOND]: 1_000_000n, [TimeUnit.MILLISECOND]: 1_000n, [TimeUnit.MICROSECOND]: 1n } as const

function timeColumn(unit: TimeUnit): ArrowColumn {
  if (unit === TimeUnit.NANOSECOND) return { type: TIME_NS, read: (data, index) => new DuckDBTimeNSValue(big(data, index)) }
  return { type: TIME, read: (data, index) => new DuckDBTimeValue(big(data, index) * micros[unit]) }
}

function timestampColumn(name: string, unit: TimeUnit, zoned: boolean): ArrowColumn {
  if (unit === TimeUnit.NANOSECOND && !zoned)
    return { type: TIMESTAMP_NS, read: (data, index) => new DuckDBTimestampNanosecondsValue(big(data, index)) }
  const microseconds = (data: Data, index: number): bigint => {
    const value = big(data, index)
    if (unit !== TimeUnit.NANOSECOND) return value * micros[unit]
    if (value % 1_000n === 0n) return value / 1_000n
    throw new ServiceError(
      'dataInvalid',
      `Column "${name}", row ${index + 1} of its batch: a time with a zone has microseconds, not nanoseconds.`,
    )
  }
  return zoned
    ? { type: TIMESTAMPTZ, read: (data, index) => new DuckDBTimestampTZValue(microseconds(data, index)) }
    : { type: TIMESTAMP, read: (data, index) => new DuckDBTimestampValue(microseconds(data, index)) }
}

function number(data: Data, index: number): number {
  return Number(data.values[index])
}

function big(data: Data, index: number): bigint {
  return BigInt(data.values[index])
}

/** 128 bits with a sign, from four words of which the lowest comes first. */
function wide(data: Data, index: number): bigint {
  const [a = 0, b = 0, c = 0, d = 0] = data.values.subarray(index * 4, index * 4 + 4)
  return BigInt.asIntN(128, BigInt(a) | (BigInt(b) << 32n) | (BigInt(c) << 64n) | (BigInt(d) << 96n))
}

function bytesOf(data: Data): Uint8Array {
  return data.values
}

function bytesAt(name: string, data: Data, index: number): Uint8Array {
  const [start, end] = bounds(name, data, index, bytesOf(data).length)
  return bytesOf(data).slice(start, end)
}

/** The places of a list's items. */
function span(name: string, data: Data, index: number): number[] {
  const [start, end] = bounds(name, data, index, onlyChild(data).length)
  return Array.from({ length: end - start }, (_, offset) => start + offset)
}

function bounds(name: string, data: Data, index: number, length: number): [number, number] {
  const [start, end] = [Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1])]
  if (!(start >= 0 && start <= end && end <= length)) throw broken(name)
  return [start, end]
}

function onlyChild(data: Data): Data {
  return childAt(data, 0)
}

function childAt(data: Data, index: number): Data {
  const child = data.children[index]
  if (!child) throw new ServiceError('dataInvalid', 'The Arrow stream lacks a part of a nested column.')
  return child
}

function fromDictionary(data: Data, key: number, read: ArrowColumn['read']): DuckDBValue {
  let index = key
  for (const part of data.dictionary?.data ?? []) {
    if (index >= 0 && index < part.length) return part.getValid(index) ? read(part, index) : null
    index -= part.length
  }
  throw new ServiceError('dataInvalid', `The Arrow stream's dictionary has no entry ${key}.`)
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(name: string, bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw new ServiceError('dataInvalid', `Column "${name}" holds a text that is not UTF-8.`)
  }
}

function broken(name: string): ServiceError {
  return new ServiceError('dataInvalid', `Column "${name}" of the Arrow stream points outside of its own data.`)
}

function unsupported(name: string, type: DataType): ServiceError {
  return new ServiceError('dataInvalid', `Column "${name}" has Arrow's type ${type}, which is not supported: cast it before it is sent.`)
}
