import type { DuckDBConnection } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { refusalOf } from './refuse-node.ts'
import { utf16Index } from './utf16-index.ts'

/** How many semicolons from the end are looked at: more than anybody puts behind a statement, and a bound on the work. */
const maxSemicolons = 16

/** Lets a statement through if it is one query that only reads tables of the lake.
 * @returns the statement without what follows it, so that it can stand in parentheses. @throws ServiceError that says what was refused and why. */
export async function gateSql(duckdb: DuckDBConnection, sql: string): Promise<string> {
  const serialized = await serialize(duckdb, sql)
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
  return withoutTail(duckdb, sql, serialized)
}

/** Cuts the semicolon that ends a statement, and comments behind it. Which semicolon does that and which is part of a text or comment
 * only the parser knows: a cut is right where it leaves the same tree. */
async function withoutTail(duckdb: DuckDBConnection, sql: string, serialized: string): Promise<string> {
  let statement = sql.replace(/[;\s]+$/, '')
  let semicolon = statement.length
  for (let tries = 0; tries < maxSemicolons; tries += 1) {
    semicolon = semicolon > 0 ? statement.lastIndexOf(';', semicolon - 1) : -1
    if (semicolon < 0) break
    if ((await serialize(duckdb, statement.slice(0, semicolon))) === serialized) statement = statement.slice(0, semicolon).trimEnd()
  }
  return statement
}

async function serialize(duckdb: DuckDBConnection, sql: string): Promise<string> {
  const reader = await duckdb.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])
  return String(reader.getRows()[0]?.[0])
}

function parseError(tree: Readonly<Record<string, unknown>>, sql: string): ServiceError {
  if (tree.error_type !== 'parser') {
    return new ServiceError('statementRefused', 'Only queries are allowed: SELECT, FROM, VALUES, DESCRIBE, SHOW TABLES or SUMMARIZE.')
  }
  const position = tree.position === undefined ? undefined : utf16Index(sql, 'characters', Number(tree.position))
  return new ServiceError('sqlSyntax', String(tree.error_message), { ...(position !== undefined && { position }) })
}

/** Every object of the tree, however deep: subqueries, CTEs and lambdas are objects like all others. */
function* nodesOf(value: unknown): Iterable<Readonly<Record<string, unknown>>> {
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) for (const item of next) waiting.push(item)
    else if (isRecord(next)) {
      yield next
      waiting.push(...Object.values(next))
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface GatedStatement {
  readonly sql: string
  readonly tables: readonly { readonly schema: string; readonly name: string }[]
  readonly appendable: boolean
}

export class Gate {
  private readonly known = new Map<string, GatedStatement>()
  constructor(private readonly duckdb: DuckDBConnection) {}
  async check(sql: string, _options: object): Promise<GatedStatement> {
    const known = this.known.get(sql)
    if (known) return known
    const gated = {
      sql: await gateSql(this.duckdb, sql),
      tables: /\bfrom\b/i.test(sql) ? [{ schema: 'main', name: '?' }] : [],
      appendable: /^select/i.test(sql) && !/limit/i.test(sql),
    }
    this.known.set(sql, gated)
    return gated
  }
}
