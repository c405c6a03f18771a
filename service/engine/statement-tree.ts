import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { utf16Index } from './utf16-index.ts'

export type Node = Readonly<Record<string, unknown>>

/** DuckDB's parser as JSON text. It only parses: nothing is looked up. With its full name, since a macro of the lake could have the short one. */
export async function serialize(duckdb: DuckDBConnection, sql: string): Promise<string> {
  const reader = await duckdb.runAndReadAll('SELECT system.main.json_serialize_sql($1::VARCHAR)', [sql])
  return String(reader.getRows()[0]?.[0])
}

/** @returns the tree of the one query that a text holds. @throws ServiceError if it holds anything else. */
export function statementOf(serialized: string, sql: string): Node {
  const tree: unknown = JSON.parse(serialized)
  if (!isNode(tree)) throw new Error('json_serialize_sql gave no object')
  if (tree.error === true) throw parseError(tree, sql)
  const statements = Array.isArray(tree.statements) ? tree.statements : []
  const [statement] = statements
  if (statements.length === 1 && isNode(statement) && isNode(statement.node)) return statement.node
  const detail =
    statements.length === 0 ? 'The text holds no statement.' : `The text holds ${statements.length} statements: send them one by one.`
  throw new ServiceError('statementRefused', detail)
}

function parseError(tree: Node, sql: string): ServiceError {
  if (String(tree.error_message).startsWith('Mixing named and positional')) {
    return new ServiceError('sqlSyntax', 'The statement mixes named parameters ($name) with numbered ones (?, $1): use one kind.')
  }
  if (tree.error_type !== 'parser') {
    return new ServiceError(
      'statementRefused',
      'Only queries are allowed: SELECT, FROM, VALUES, DESCRIBE, SHOW TABLES or SUMMARIZE. What changes the lake goes to POST /v1/statements.',
    )
  }
  const message = String(tree.error_message)
  if (/^(memory exhausted|Max expression depth)/.test(message)) {
    return new ServiceError('sqlSyntax', 'The statement is nested too deeply: DuckDB takes 1000 levels. Split it with WITH.')
  }
  const position = tree.position === undefined ? undefined : utf16Index(sql, 'characters', Number(tree.position))
  return new ServiceError('sqlSyntax', message, { ...(position !== undefined && { position }) })
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field that is a text; '' if it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
