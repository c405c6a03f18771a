import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { refusalOf } from './refuse-node.ts'
import { utf16Index } from './utf16-index.ts'

/** Lets a statement through if it is one query that only reads tables of the lake. What runs later is the tree that was checked here,
 * not the text, so that the two cannot differ.
 * @returns the tree as JSON text. @throws ServiceError that says what was refused and why. */
export async function gateSql(duckdb: DuckDBConnection, sql: string): Promise<string> {
  const reader = await duckdb.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])
  const serialized = String(reader.getRows()[0]?.[0])
  const tree: unknown = JSON.parse(serialized)
  if (!isRecord(tree)) throw new Error('json_serialize_sql gave no object')
  if (tree.error === true) throw parseError(tree, sql)

  const statements = Array.isArray(tree.statements) ? tree.statements : []
  if (statements.length !== 1) {
    const detail =
      statements.length === 0 ? 'The text holds no statement.' : `The text holds ${statements.length} statements: send them one by one.`
    throw new ServiceError('statementRefused', detail)
  }
  for (const node of nodesOf(statements[0])) {
    const refusal = refusalOf(node)
    if (refusal) throw new ServiceError('statementRefused', refusal)
  }
  return serialized
}

function parseError(tree: Readonly<Record<string, unknown>>, sql: string): ServiceError {
  const message = String(tree.error_message)
  if (tree.error_type !== 'parser')
    return new ServiceError('statementRefused', 'Only queries are allowed: SELECT, FROM, VALUES, DESCRIBE, SHOW TABLES or SUMMARIZE.')
  const position = tree.position === undefined ? undefined : utf16Index(sql, Number(tree.position))
  return new ServiceError('sqlSyntax', message, { ...(position !== undefined && { position }) })
}

/** Every object of the tree, however deep: subqueries, CTEs and lambdas are objects like all others. */
function* nodesOf(value: unknown): Iterable<Readonly<Record<string, unknown>>> {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) waiting.push(...next)
    else if (isRecord(next)) {
      yield next
      waiting.push(...Object.values(next))
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
