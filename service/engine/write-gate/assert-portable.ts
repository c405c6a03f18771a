import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { ServiceError } from '../../errors.ts'
import { partsOf } from '../parts-of.ts'
import { notPortable } from './portable-types.ts'

const refusedIds: ReadonlyMap<DuckDBTypeId, string> = new Map([
  [DuckDBTypeId.ENUM, 'enum'],
  [DuckDBTypeId.UNION, 'union'],
  [DuckDBTypeId.HUGEINT, 'hugeint'],
  [DuckDBTypeId.UHUGEINT, 'uhugeint'],
  [DuckDBTypeId.BIGNUM, 'bignum'],
  [DuckDBTypeId.BIT, 'bit'],
  [DuckDBTypeId.INTERVAL, 'interval'],
  [DuckDBTypeId.TIME_TZ, 'timetz'],
  [DuckDBTypeId.TIME_NS, 'time_ns'],
])

/** DuckDB's API has no type of its own for some: only their names tell. */
const refusedAliases = /^(VARIANT|GEOMETRY)\b/i

/** @throws ServiceError sqlInvalid for a column whose type tables of the lake do not have */
export function assertPortable(columns: readonly { readonly name: string; readonly type: DuckDBType }[]): void {
  for (const { name, type } of columns) {
    const reason = reasonOf(type)
    if (reason !== undefined) {
      throw new ServiceError('sqlInvalid', `The column ${name} would be ${type}, and ${reason}. Cast it to another type.`)
    }
  }
}

function reasonOf(type: DuckDBType): string | undefined {
  const word = refusedIds.get(type.typeId) ?? refusedAliases.exec(String(type))?.[1]?.toLowerCase()
  if (word !== undefined) return `${word.toUpperCase()} ${notPortable.get(word)}`
  if (type.typeId === DuckDBTypeId.ARRAY) return 'lists of a fixed length are not kept in a lake: use []'
  for (const part of partsOf(type)) {
    const reason = reasonOf(part)
    if (reason !== undefined) return reason
  }
  return undefined
}
