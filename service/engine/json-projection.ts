import { DuckDBArrayType, DuckDBListType, DuckDBMapType, DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'
import { quoteName } from '../catalog/quote.ts'
import { ServiceError } from '../errors.ts'
import { partsOf } from './parts-of.ts'

/** Types that DuckDB's JSON writer prints as docs/service.md says. */
const writtenAsTheyAre = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIME,
  DuckDBTypeId.UUID,
  DuckDBTypeId.ENUM,
  DuckDBTypeId.SQLNULL,
])

/** JSON would get the same empty key twice. @throws ServiceError sqlInvalid for a struct whose fields have no names, as of `row(1, 2)` */
export function assertNamed(columns: readonly { readonly name: string; readonly type: DuckDBType }[]): void {
  for (const { name, type } of columns)
    if (!isNamed(type))
      throw new ServiceError(
        'sqlInvalid',
        `The column ${name} has fields without names, which JSON cannot hold: write {'a': 1, 'b': 2} in place of (1, 2), or read CSV or Parquet.`,
      )
}

function isNamed(type: DuckDBType): boolean {
  return !(type instanceof DuckDBStructType && type.entryNames.includes('')) && partsOf(type).every(isNamed)
}

const timestampFormat = '%Y-%m-%dT%H:%M:%S.%f'

/** The expression that gives a whole row as JSON text, from columns with the names `c0`, `c1`, …
 * @param names by which the row shall have them, each once */
export function jsonLine(names: readonly string[], types: readonly DuckDBType[]): string {
  const row = (expression: (type: DuckDBType, value: string) => string) =>
    `to_json(struct_pack(${types.map((type, index) => `${quoteName(names[index] ?? '')} := ${expression(type, `c${index}`)}`).join(', ')}))`
  const numbers = types.flatMap((type, index) => (isFloating(type) ? [`isfinite(c${index})`] : []))
  const exact = row(jsonExpression)
  if (numbers.length === 0) return exact
  // Almost every row has finite numbers only, and those need no look at each: it would take a quarter of the whole time.
  const plain = row((type, value) => (isFloating(type) ? `${value}::DOUBLE` : jsonExpression(type, value)))
  return `CASE WHEN coalesce(${numbers.join(' AND ')}, true) THEN ${plain} ELSE ${exact} END`
}

function isFloating({ typeId }: DuckDBType): boolean {
  return typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT
}

/** The expression under which DuckDB's JSON writer gives the same value as `encodeJson`: numbers that JSON cannot hold exactly become texts
 * before they get to the writer. In SQL, because converting rows in JavaScript takes ten times as long. */
export function jsonExpression(type: DuckDBType, value: string, depth = 0): string {
  if (type.alias === 'JSON') return `${value}::VARCHAR`
  if (writtenAsTheyAre.has(type.typeId)) return value
  const item = `v${depth}`
  if (type instanceof DuckDBListType) return mapList(type.valueType, value, item, depth)
  if (type instanceof DuckDBArrayType) return mapList(type.valueType, `${value}::${type.valueType}[]`, item, depth)
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((name, index) => {
      const field = `${value}.${quoteName(name)}`
      const entry = type.entryTypes[index]
      return `${quoteName(name)} := ${entry ? jsonExpression(entry, field, depth + 1) : field}`
    })
    return `CASE WHEN ${value} IS NULL THEN NULL ELSE struct_pack(${fields.join(', ')}) END`
  }
  if (type instanceof DuckDBMapType) {
    const entry = `struct_pack("key" := ${jsonExpression(type.keyType, `${item}."key"`, depth + 1)}, "value" := ${jsonExpression(type.valueType, `${item}."value"`, depth + 1)})`
    return `list_transform(map_entries(${value}), lambda ${item}: ${entry})`
  }
  switch (type.typeId) {
    case DuckDBTypeId.FLOAT:
      return jsonNumber(`${value}::DOUBLE`)
    case DuckDBTypeId.DOUBLE:
      return jsonNumber(value)
    case DuckDBTypeId.BLOB:
      return `base64(${value})`
    case DuckDBTypeId.TIMESTAMP:
      return `strftime(${value}, '${timestampFormat}')`
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
      return `strftime(${value}::TIMESTAMP, '${timestampFormat}')`
    case DuckDBTypeId.TIMESTAMP_NS:
      return `replace(${value}::VARCHAR, ' ', 'T')`
    case DuckDBTypeId.TIMESTAMP_TZ:
      return `strftime(${value}::TIMESTAMP, '${timestampFormat}Z')`
    default:
      return `${value}::VARCHAR`
  }
}

function mapList(item: DuckDBType, list: string, name: string, depth: number): string {
  const mapped = jsonExpression(item, name, depth + 1)
  return mapped === name ? list : `list_transform(${list}, lambda ${name}: ${mapped})`
}

/** JSON has no NaN and no Infinity: they are texts. */
function jsonNumber(value: string): string {
  return `CASE WHEN isfinite(${value}) THEN to_json(${value}) WHEN isnan(${value}) THEN '"NaN"'::JSON WHEN ${value} > 0 THEN '"Infinity"'::JSON WHEN ${value} < 0 THEN '"-Infinity"'::JSON END`
}
