import { functionRefusal } from './scalar-functions.ts'
import { isNode, lower, type Node } from './syntax-tree.ts'
import { allowedTableFunctions, tableFunctionRefusal } from './table-functions.ts'

/** DuckDB's own views can be named without their schema. */
const serverNames = /^(duckdb_|pg_|pragma_|sqlite_|ducklake_)/

/** Why a node of a statement's tree is not allowed, as a sentence; nothing if it is. */
export function refusalOf(node: Node): string | undefined {
  switch (node.type) {
    case 'TABLE_FUNCTION':
      return refusedTableFunction(isNode(node.function) ? node.function : {})
    case 'BASE_TABLE':
      return refusedTable(node)
    case 'SHOW_REF':
      if (isNode(node.query) || node.table_name === '"tables"') return undefined
      return 'Of the SHOW statements only SHOW TABLES is allowed: DESCRIBE shows a table.'
    default:
      return node.function_name === undefined ? undefined : refusedFunction(node)
  }
}

/** Whether a node lists tables without naming them. */
export function tellsAboutAllTables(node: Node): boolean {
  if (node.type === 'SHOW_REF') return !isNode(node.query)
  return node.type === 'BASE_TABLE' && lower(node.schema_name) === 'information_schema'
}

function refusedTableFunction({ function_name: name, schema, catalog }: Node): string | undefined {
  const shown = [catalog, schema, name].filter(Boolean).join('.')
  const reason = schema || catalog ? 'is named with a schema, where only tables have one' : tableFunctionRefusal(lower(name))
  return reason && `The table function ${shown} ${reason}. A statement may read tables and use ${allowedTableFunctions.join(', ')}.`
}

function refusedFunction(node: Node): string | undefined {
  const reason = functionRefusal(lower(node.function_name))
  return reason && `The function ${String(node.function_name)} ${reason}: it is not allowed.`
}

function refusedTable(node: Node): string | undefined {
  const [catalog, schema, table] = [lower(node.catalog_name), lower(node.schema_name), String(node.table_name)]
  const shown = [catalog, schema, table].filter(Boolean).join('.')
  if (catalog && catalog !== 'lake') return `${shown} is not in the lake: the only catalog is "lake".`
  if (/^(system|temp|memory|pg_catalog|__ducklake.*)$/.test(schema)) return `${shown} is not a table of the lake: it belongs to the server.`
  if (schema !== 'information_schema' && serverNames.test(table.toLowerCase()))
    return `${shown} is not a table of the lake: names with this beginning are the server's own.`
  // DuckDB reads a file of such a name where there is no such table.
  if (/[/\\:*?]|\.\w+$/.test(table)) return `"${table}" looks like a file: only tables of the lake can be read.`
  return undefined
}
