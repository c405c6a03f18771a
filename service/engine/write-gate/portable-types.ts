/** Types of columns by every name that DuckDB has for them, as the lake keeps them. */
export const typeNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    BOOLEAN: 'boolean bool logical',
    TINYINT: 'tinyint int1',
    SMALLINT: 'smallint int2 int16 short',
    INTEGER: 'integer int int4 int32 signed',
    BIGINT: 'bigint int8 int64 long',
    UTINYINT: 'utinyint uint8',
    USMALLINT: 'usmallint uint16',
    UINTEGER: 'uinteger uint32',
    UBIGINT: 'ubigint uint64',
    FLOAT: 'float float4 real',
    DOUBLE: 'double float8',
    DECIMAL: 'decimal numeric dec',
    VARCHAR: 'varchar char character bpchar nvarchar text string',
    BLOB: 'blob bytea binary varbinary',
    DATE: 'date',
    TIME: 'time',
    TIMESTAMP: 'timestamp datetime timestamp_us',
    TIMESTAMP_S: 'timestamp_s',
    TIMESTAMP_MS: 'timestamp_ms',
    TIMESTAMP_NS: 'timestamp_ns',
    'TIMESTAMP WITH TIME ZONE': 'timestamptz',
    UUID: 'uuid guid',
    JSON: 'json',
  }).flatMap(([type, names]) => names.split(' ').map(name => [name, type])),
)

const losesDigits = 'is kept as DOUBLE in Parquet and would lose digits: use DECIMAL(38, 0)'
const ownToDuckdb = 'is read by DuckDB only, and tables of the lake stay readable for others'

/** Why no column may have a type; goes on after its name. */
export const notPortable: ReadonlyMap<string, string> = new Map([
  ['enum', `${ownToDuckdb}: use VARCHAR`],
  ['union', `${ownToDuckdb}: use a STRUCT with a column for each kind`],
  ['variant', `${ownToDuckdb}: use JSON`],
  ['geometry', `${ownToDuckdb}: use BLOB with well-known binary`],
  ['hugeint', losesDigits],
  ['int128', losesDigits],
  ['uhugeint', losesDigits],
  ['uint128', losesDigits],
  ['bignum', 'has no place in Parquet: use VARCHAR'],
  ['varint', 'has no place in Parquet: use VARCHAR'],
  ['bit', 'has no place in Parquet: use VARCHAR'],
  ['bitstring', 'has no place in Parquet: use VARCHAR'],
  ['interval', 'loses what is shorter than a millisecond in Parquet: keep microseconds in a BIGINT'],
  ['timetz', 'loses its offset in Parquet: use TIME, or TIMESTAMP WITH TIME ZONE'],
  // DuckDB's Parquet writer ends the whole process over it.
  ['time_ns', 'has no place in Parquet: use TIME'],
  ['serial', 'needs a sequence, which a lake does not have'],
  ['oid', 'is for DuckDB’s own tables'],
])
