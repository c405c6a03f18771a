import { DataType, MapRow, type Table, Vector } from 'apache-arrow'

/** The rows of a table as the service's JSON has them: what Arrow's types and values say, and nothing that JSON said. */
export function arrowAsJson(table: Table): unknown[][] {
  const children = table.schema.fields.map(({ type }, index) => ({ type, values: table.getChildAt(index) }))
  return Array.from({ length: table.numRows }, (_, row) => children.map(({ type, values }) => asJson(values?.get(row), type)))
}

function asJson(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null
  if (DataType.isInt(type)) return type.bitWidth === 64 ? String(value) : value
  if (DataType.isFloat(type)) return Number.isFinite(value) ? value : String(value)
  if (DataType.isDecimal(type)) return withPoint(BigInt(String(value)), type.scale)
  if (DataType.isBinary(type) && value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10)
  if (DataType.isTime(type)) return timeOfDay(Number(value))
  if (DataType.isTimestamp(type)) return isoTimestamp(Number(value), type.timezone ? 'Z' : '')
  if ((DataType.isList(type) || DataType.isFixedSizeList(type)) && value instanceof Vector)
    return [...value].map(item => asJson(item, type.valueType))
  if (DataType.isMap(type) && value instanceof MapRow)
    return [...value].map(([key, entry]) => ({ key: asJson(key, type.keyType), value: asJson(entry, type.valueType) }))
  if (DataType.isStruct(type)) {
    const entries = new Map(Object.entries(value))
    return Object.fromEntries(type.children.map(field => [field.name, asJson(entries.get(field.name), field.type)]))
  }
  return value
}

function withPoint(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0 ? -unscaled : unscaled).padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${unscaled < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`
}

function isoTimestamp(milliseconds: number, zone: string): string {
  const micros = Math.round(milliseconds * 1_000)
  const [seconds] = new Date(Math.floor(micros / 1_000)).toISOString().split('.')
  return `${seconds}.${String(((micros % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0')}${zone}`
}

/** As DuckDB prints it: without zeros at the end. */
function timeOfDay(micros: number): string {
  return isoTimestamp(micros / 1_000, '')
    .slice('1970-01-01T'.length)
    .replace(/\.?0{1,6}$/, '')
    .replace(/^\d\d:\d\d$/, '$&:00')
}
