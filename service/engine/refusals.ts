import { ServiceError } from '../errors.ts'
import { refusedBeginning, refusedFunctions } from './refused-functions.ts'
import { sameName } from './same-name.ts'
import { type Node, text } from './statement-tree.ts'
import { isLakeFunction, tableFunctions } from './table-functions.ts'

/** Schemas that are DuckDB's or DuckLake's own; without a catalog before it, such a name is one. */
const serversOwn = /^(system|temp|memory|pg_catalog|__ducklake_metadata_.*)$/

/** DuckDB's own views can be named without their schema. */
const duckdbsOwn = /^(duckdb_|pg_|pragma_|sqlite_)/

/** DuckDB reads a file where it finds no table of the name: `data.csv` without quotes is the table csv of the schema data. */
const fileEndings = /^(csv|tsv|txt|json|jsonl|ndjson|parquet|db|ddb|duckdb|gz|zst)$/

interface TableName {
  /** '' if the statement does not say. */
  readonly schema: string
  readonly name: string
  /** With a schema or a catalog, it can mean no CTE. */
  readonly qualified: boolean
  readonly informationSchema: boolean
}

/** @throws ServiceError if a table is none of the lake's. */
export function refuseTable(node: Node): TableName {
  const name = text(node.table_name)
  const parts = [text(node.catalog_name), text(node.schema_name), name].filter(Boolean)
  const { catalog, schema } = place(node.catalog_name, node.schema_name)
  const shown = parts.join('.')
  const qualified = parts.length > 1
  const own = sameName(schema)
  if ((catalog !== '' && catalog !== 'lake') || serversOwn.test(own)) {
    throw refuse(`${shown} is not a table of the lake: it belongs to the server.`)
  }
  if (own === 'information_schema') return { schema, name, qualified, informationSchema: true }
  if (duckdbsOwn.test(sameName(name))) {
    throw refuse(`${shown} is not a table of the lake: names with this beginning are DuckDB’s own.`)
  }
  if (/[/\\:*?]|\.\w+$/.test(name) || (qualified && fileEndings.test(sameName(name)))) {
    throw refuse(`"${shown}" looks like a file: only tables of the lake can be read.`)
  }
  return { schema, name, qualified, informationSchema: false }
}

/** @returns the table function's name. @throws ServiceError if it is one of DuckDB's or DuckLake's that is not allowed. */
export function refuseTableFunction(node: Node): { readonly name: string; readonly builtin: boolean } {
  const name = sameName(text(node.function_name))
  const { catalog } = place(node.catalog, node.schema)
  const shown = [node.catalog, node.schema, node.function_name].filter(Boolean).join('.')
  const verdict = tableFunctions.get(name)
  if (verdict?.allowed && shown === node.function_name) return { name, builtin: true }
  if (verdict && !verdict.allowed) throw refuse(`The table function ${shown} is not allowed: it ${verdict.reason}.`)
  if (verdict) throw refuse(`The table function ${shown} is not allowed: call it by its name alone, ${name}(…).`)
  if (isLakeFunction(name))
    throw refuse(`The table function ${shown} is not allowed: it tells about tables without asking who may read them.`)
  if (catalog !== '' && catalog !== 'lake') throw refuse(`The table function ${shown} is not allowed: it belongs to the server.`)
  return { name, builtin: false }
}

/** @returns the function's name. @throws ServiceError if it is not allowed. */
export function refuseFunction(node: Node): string {
  const name = sameName(text(node.function_name))
  const reason = refusedFunctions.get(name) ?? (name.startsWith(refusedBeginning) ? 'is a part of DuckDB’s own plans' : undefined)
  const shown = [node.catalog, node.schema, node.function_name].filter(Boolean).join('.')
  if (reason !== undefined) throw refuse(`The function ${shown} is not allowed: it ${reason}.`)
  const { catalog } = place(node.catalog, node.schema)
  if (!['', 'lake', 'system'].includes(catalog)) throw refuse(`The function ${shown} is not allowed: it belongs to the server.`)
  return name
}

/** `lake.rides` parses as the table rides of a schema lake, and means the catalog. */
function place(catalogName: unknown, schemaName: unknown): { readonly catalog: string; readonly schema: string } {
  const catalog = sameName(text(catalogName))
  const schema = text(schemaName)
  return catalog === '' && sameName(schema) === 'lake' ? { catalog: 'lake', schema: '' } : { catalog, schema }
}

function refuse(detail: string): ServiceError {
  return new ServiceError('statementRefused', detail)
}
