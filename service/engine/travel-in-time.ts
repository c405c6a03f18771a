import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { lakeTables } from './lake-tables.ts'
import type { AsOf } from './messages.ts'
import { isNode, type Node } from './syntax-tree.ts'

/** A checked statement as text in which every table is read as it was then; a table that says AT itself keeps what it says.
 * @throws ServiceError if DuckDB cannot write down what it has read */
export async function travelInTime(duckdb: DuckDBConnection, sql: string, asOf: AsOf): Promise<string> {
  const tree = await wholeTree(duckdb, sql)
  const at = await atClause(duckdb, asOf)
  const travelling = new Set([...lakeTables(tree)].map(({ node }) => node).filter(node => !node.at_clause))
  const wanted = withClause(tree, travelling, at)
  const reader = await duckdb.runAndReadAll('SELECT json_deserialize_sql(($1::VARCHAR)::JSON)', [exactText(wanted)])
  const text = String(reader.getRows()[0]?.[0])
  // What DuckDB writes is not always what it has read: SHOW TABLES, for one, becomes DESCRIBE.
  if (withoutPlaces(await wholeTree(duckdb, text)) !== withoutPlaces(wanted)) {
    throw new ServiceError('sqlInvalid', 'asOf cannot be put into this statement: write AT (VERSION => …) behind its tables.')
  }
  return text
}

async function wholeTree(duckdb: DuckDBConnection, sql: string): Promise<unknown> {
  const reader = await duckdb.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])
  return exactTree(String(reader.getRows()[0]?.[0]))
}

/** Made by the parser itself from our own text. */
async function atClause(duckdb: DuckDBConnection, asOf: AsOf): Promise<unknown> {
  const clause =
    'version' in asOf ? `VERSION => ${BigInt(asOf.version)}` : `TIMESTAMP => TIMESTAMPTZ '${new Date(asOf.timestamp).toISOString()}'`
  const [reference] = lakeTables(await wholeTree(duckdb, `FROM t AT (${clause})`))
  return reference?.node.at_clause
}

function withClause(value: unknown, travelling: ReadonlySet<Node>, at: unknown): unknown {
  if (Array.isArray(value)) return value.map(item => withClause(item, travelling, at))
  if (!isNode(value)) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withClause(inner, travelling, at)]))
  return travelling.has(value) ? { ...copy, at_clause: at } : copy
}

/** A number of a statement may have more digits than JavaScript's: here all are texts that begin with a character which no statement can hold. */
const mark = '\0'

function exactTree(json: string): unknown {
  return JSON.parse(json.replace(/("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g, (_, text, number) => text ?? JSON.stringify(`${mark}${number}`)))
}

function exactText(tree: unknown): string {
  return JSON.stringify(tree).replace(/"\\u0000([^"]*)"/g, '$1')
}

function withoutPlaces(tree: unknown): string {
  return JSON.stringify(tree, (key, value) => (key === 'query_location' ? undefined : value))
}
