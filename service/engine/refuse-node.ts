/** Table functions that neither read nor change anything outside of the statement. All others are refused: some of DuckDB's read files,
 * open connections, run SQL from a string or switch the whole instance off, and each release brings new ones. */
const allowedTableFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
  'json_each',
  'json_tree',
  'pg_timezone_names',
  'icu_calendar_names',
])

/** Scalar functions with a state or a side effect, or that tell about the server. */
const refusedFunctions = new Set([
  'current_connection_id',
  'current_query',
  'current_setting',
  'current_transaction_id',
  'currval',
  'error',
  'getenv',
  'getvariable',
  'json_serialize_plan',
  'nextval',
  'setseed',
  'sleep_ms',
  'stats',
  'txid_current',
  'write_log',
])

/** Catalogs and schemas that are DuckDB's or DuckLake's own. */
const refusedPlaces = /^(system|temp|memory|pg_catalog|__ducklake_metadata_.*)$/

/** DuckDB's own views can be named without their schema. */
const refusedNames = /^(duckdb_|pg_|pragma_|sqlite_)/

/** Why a node of a statement's tree is not allowed, as a sentence; nothing if it is. */
export function refusalOf(node: Readonly<Record<string, unknown>>): string | undefined {
  switch (node.type) {
    case 'TABLE_FUNCTION': {
      const { function_name: name, schema, catalog } = isRecord(node.function) ? node.function : {}
      const shown = [catalog, schema, name].filter(Boolean).join('.')
      if (!schema && !catalog && allowedTableFunctions.has(lower(name))) return undefined
      return `The table function ${shown} is not allowed: a statement may read tables, and use ${[...allowedTableFunctions].join(', ')}.`
    }
    case 'BASE_TABLE':
      return refusedTable(lower(node.catalog_name), lower(node.schema_name), String(node.table_name))
    case 'SHOW_REF':
      if (node.query !== null && node.query !== undefined) return undefined
      return node.table_name === '"tables"' ? undefined : `Of the SHOW statements only SHOW TABLES is allowed: DESCRIBE shows a table.`
    default:
      if (node.class !== 'FUNCTION' || !refusedFunctions.has(lower(node.function_name))) return undefined
      return `The function ${String(node.function_name)} is not allowed: it has an effect beyond the statement or tells about the server.`
  }
}

function refusedTable(catalog: string, schema: string, table: string): string | undefined {
  const shown = [catalog, schema, table].filter(Boolean).join('.')
  if (refusedPlaces.test(catalog) || refusedPlaces.test(schema)) return `${shown} is not a table of the lake: it belongs to the server.`
  if (schema !== 'information_schema' && refusedNames.test(table.toLowerCase()))
    return `${shown} is not a table of the lake: names with this beginning are DuckDB’s own.`
  if (/[/\\:*?]|\.\w+$/.test(table)) return `"${table}" looks like a file: only tables of the lake can be read.`
  return undefined
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
