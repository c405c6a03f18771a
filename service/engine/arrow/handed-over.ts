import { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { quoteName } from '../../catalog/quote.ts'
import type { TypedColumn } from '../open-statement.ts'
import { fixedWidth } from './fixed-width.ts'

/** The statement with its columns in types that a batch can take: text in place of what Arrow has no type for. */
export function handedOver(sql: string, columns: readonly TypedColumn[]): string {
  if (columns.every(({ type }) => handedOverAs(type) === String(type))) return sql
  const names = columns.map((_, index) => `c${index}`)
  const values = columns.map(({ type }, index) => {
    const as = handedOverAs(type)
    return as === String(type) ? `c${index}` : `c${index}::${as}`
  })
  return `SELECT ${values.join(', ')} FROM (\n${sql}\n) AS result(${names.join(', ')})`
}

const taken: ReadonlySet<DuckDBTypeId> = new Set([
  ...fixedWidth.keys(),
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.BLOB,
  DuckDBTypeId.DECIMAL,
  DuckDBTypeId.INTERVAL,
])

function handedOverAs(type: DuckDBType): string {
  if (type.alias) return 'VARCHAR'
  if (type instanceof DuckDBListType) return `${handedOverAs(type.valueType)}[]`
  if (type instanceof DuckDBArrayType) return `${handedOverAs(type.valueType)}[${type.length}]`
  if (type instanceof DuckDBMapType) return `MAP(${handedOverAs(type.keyType)}, ${handedOverAs(type.valueType)})`
  if (type instanceof DuckDBStructType) {
    const entries = type.entryTypes.map(handedOverAs)
    // Those of a row() have no names, and a cast cannot leave them out.
    if (entries.every((entry, index) => entry === String(type.entryTypes[index]))) return String(type)
    return `STRUCT(${entries.map((entry, index) => `${quoteName(type.entryNames[index] || `${index + 1}`)} ${entry}`).join(', ')})`
  }
  return taken.has(type.typeId) ? String(type) : 'VARCHAR'
}
