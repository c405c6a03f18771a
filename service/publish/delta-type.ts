/** Types that Delta's readers find in the lake's Parquet files as they are, by DuckLake's names. Each was read by Spark and by delta-rs. */
const plainTypes: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int8: 'byte',
  int16: 'short',
  int32: 'integer',
  int64: 'long',
  // Delta has no numbers without a sign: the next larger one holds each of them.
  uint8: 'short',
  uint16: 'integer',
  uint32: 'long',
  uint64: 'decimal(20,0)',
  float32: 'float',
  float64: 'double',
  varchar: 'string',
  json: 'string',
  blob: 'binary',
  // Its 16 bytes: Delta has no such type, and its readers see these.
  uuid: 'binary',
  date: 'date',
  timestamp: 'timestamp_ntz',
  timestamp_s: 'timestamp_ntz',
  timestamp_ms: 'timestamp_ntz',
  timestamptz: 'timestamp',
}

/** Why others have no place in Delta; goes on after the type's name. */
const unmappable: Readonly<Record<string, string>> = {
  int128: 'reaches beyond Delta’s largest whole number: use DECIMAL(38, 0)',
  uint128: 'reaches beyond Delta’s largest whole number: use DECIMAL(38, 0)',
  time: 'is no type of Delta’s: use VARCHAR, or microseconds in a BIGINT',
  timetz: 'is no type of Delta’s: use VARCHAR',
  interval: 'is no type of Delta’s: use microseconds in a BIGINT',
  timestamp_ns: 'is finer than Delta’s microseconds: use TIMESTAMP',
}

/** A type without parts in Delta's words. @returns undefined if it has none */
export function deltaTypeOf(type: string): string | undefined {
  const [, precision, scale] = /^decimal\((\d+), *(\d+)\)$/.exec(type) ?? []
  return precision !== undefined && scale !== undefined ? `decimal(${precision},${scale})` : plainTypes[type]
}

/** Why a type cannot be published; goes on after its name. */
export function whyUnmappable(type: string): string {
  return unmappable[type] ?? 'is no type of Delta’s'
}
