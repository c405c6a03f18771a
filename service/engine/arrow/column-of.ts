import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import { BooleanColumn } from './boolean-column.ts'
import type { Column } from './column.ts'
import { decimalColumn, intervalColumn } from './converted-column.ts'
import { fixedWidth } from './fixed-width.ts'
import { FixedWidthColumn } from './fixed-width-column.ts'
import { ListColumn, ParallelColumn } from './nested-columns.ts'
import { TextColumn } from './text-column.ts'

/** The column that takes values of a type. */
export function columnOf(type: DuckDBType): Column {
  const known = fixedWidth.get(type.typeId)
  if (known) return new FixedWidthColumn(known.width)
  // Up to 18 digits it is narrower than Arrow's.
  if (type instanceof DuckDBDecimalType) return type.width > 18 ? new FixedWidthColumn(16) : decimalColumn(type.width)
  if (type instanceof DuckDBListType) return new ListColumn(columnOf(type.valueType))
  if (type instanceof DuckDBArrayType) return new ParallelColumn([columnOf(type.valueType)], type.length, duckdb.array_vector_get_child)
  if (type instanceof DuckDBStructType) return structColumn(type.entryTypes)
  if (type instanceof DuckDBMapType) return new ListColumn(structColumn([type.keyType, type.valueType]))
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new BooleanColumn()
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BLOB:
      return new TextColumn()
    case DuckDBTypeId.INTERVAL:
      return intervalColumn()
  }
  throw new Error(`a column of type ${type} is not handed over`)
}

function structColumn(entryTypes: readonly DuckDBType[]): Column {
  return new ParallelColumn(entryTypes.map(columnOf), 1, duckdb.struct_vector_get_child)
}
