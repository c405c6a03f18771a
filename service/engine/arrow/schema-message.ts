import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import type { TypedColumn } from '../open-statement.ts'
import { type ArrowType, decimal, fixedWidth, typeIds } from './fixed-width.ts'
import type { Table } from './flatbuffer.ts'
import { messageHead } from './message.ts'

/** The first message of a stream: names and types. */
export function schemaMessage(columns: readonly TypedColumn[]): Buffer {
  const littleEndian = 0
  const fields = columns.map(({ name, type }) => field(name, type))
  return messageHead(
    'schema',
    [
      { kind: 'int16', value: littleEndian },
      { kind: 'tables', value: fields },
    ],
    0,
  )
}

function field(name: string, type: DuckDBType, nullable = true): Table {
  const { id, parameters } = arrowType(type)
  return [
    { kind: 'text', value: name },
    { kind: 'bool', value: nullable ? 1 : 0 },
    { kind: 'uint8', value: id },
    { kind: 'table', value: parameters },
    undefined,
    { kind: 'tables', value: children(type) },
  ]
}

function children(type: DuckDBType): Table[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [field('item', type.valueType)]
  if (type instanceof DuckDBStructType) return type.entryTypes.map((entry, index) => field(type.entryNames[index] ?? '', entry))
  if (type instanceof DuckDBMapType) {
    const keyAndValue = [field('key', type.keyType, false), field('value', type.valueType)]
    return [
      [
        { kind: 'text', value: 'entries' },
        { kind: 'bool', value: 0 },
        { kind: 'uint8', value: typeIds.struct },
        { kind: 'table', value: [] },
        undefined,
        { kind: 'tables', value: keyAndValue },
      ],
    ]
  }
  return []
}

function arrowType(type: DuckDBType): ArrowType {
  const known = fixedWidth.get(type.typeId)
  if (known) return known.type
  if (type instanceof DuckDBDecimalType) return decimal(type.width, type.scale)
  if (type instanceof DuckDBListType) return { id: typeIds.list, parameters: [] }
  if (type instanceof DuckDBArrayType) return { id: typeIds.fixedSizeList, parameters: [{ kind: 'int32', value: type.length }] }
  if (type instanceof DuckDBStructType) return { id: typeIds.struct, parameters: [] }
  if (type instanceof DuckDBMapType) return { id: typeIds.map, parameters: [{ kind: 'bool', value: 0 }] }
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { id: typeIds.bool, parameters: [] }
    case DuckDBTypeId.VARCHAR:
      return { id: typeIds.utf8, parameters: [] }
    case DuckDBTypeId.BLOB:
      return { id: typeIds.binary, parameters: [] }
    case DuckDBTypeId.INTERVAL: {
      const monthDayNano = 2
      return { id: typeIds.interval, parameters: [{ kind: 'int16', value: monthDayNano }] }
    }
  }
  throw new Error(`a column of type ${type} is not handed over`)
}
