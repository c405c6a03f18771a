import { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, type DuckDBType, DuckDBUnionType } from '@duckdb/node-api'

/** The types that a nested type is made of. */
export function partsOf(type: DuckDBType): readonly DuckDBType[] {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return [type.valueType]
  if (type instanceof DuckDBStructType) return type.entryTypes
  if (type instanceof DuckDBMapType) return [type.keyType, type.valueType]
  return type instanceof DuckDBUnionType ? type.memberTypes : []
}
