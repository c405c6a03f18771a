import type { DuckDBConnection } from '@duckdb/node-api'
import type { Grants } from '../../access/grants.ts'
import type { TableName } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import type { Gate } from '../gate.ts'
import { sameName } from '../same-name.ts'
import { assertGranted } from './assert-granted.ts'
import { ComposedText } from './composed-text.ts'
import { type JudgedTree, judgePart } from './judge-part.ts'
import { parseWrite } from './parse-write.ts'
import { qualifyTables } from './qualify-tables.ts'
import { isTable, type JudgedPart, type Part, type WriteStatement } from './write-statement.ts'

/** Queries and expressions of one statement: each is judged by itself, in about a millisecond. */
const maxParts = 1_000

/** A statement that may run. */
export interface GatedWrite {
  readonly statement: WriteStatement
  /** What runs: SQL of ours, with the caller's expressions and queries in parentheses. */
  readonly sql: ComposedText
  /** The tables and views that it reads, sorted, each once. */
  readonly tables: readonly TableName[]
  readonly trees: readonly JudgedTree[]
}

/** Lets a statement through if it changes tables, views and schemas of the lake and nothing else: the boundary for those who may write.
 *
 * DuckDB gives no tree of such a statement. So we read it ourselves, word for word, in a grammar that has only what is allowed; each query,
 * expression and list of tables in it is handed to the read gate within a SELECT; and what runs is put together anew, with the target's full
 * name. Were our reading wrong somewhere, the part would not be the one thing that the SELECT has room for.
 *
 * To be called in the statement's transaction, after `refresh` of the read gate.
 * @throws ServiceError that says what was refused and why, with the place */
export async function checkWrite(duckdb: DuckDBConnection, gate: Gate, sql: string, grants: Grants): Promise<GatedWrite> {
  const statement = parseWrite(sql)
  assertGranted(statement, grants)
  const judged = statement.parts.filter(isJudged)
  if (judged.length > maxParts) {
    const detail = `The statement has ${judged.length} expressions, ${maxParts} are allowed: put long lists into VALUES, or into a table.`
    throw new ServiceError('bodyTooLarge', detail)
  }
  const ctes = judged.filter(({ as }) => as === 'ctes')
  const trees: JudgedTree[] = []
  for (const part of judged) trees.push(await judgePart(duckdb, gate, part, ctes, grants))
  const tables = new Map(trees.flatMap(tree => tree.tables).map(table => [sameName(`${table.schema}\0${table.name}`), table]))
  const parts = statement.kind === 'createView' ? await viewParts(duckdb, statement, trees) : statement.parts
  return { statement, sql: new ComposedText(parts), tables: [...tables].sort().map(([, table]) => table), trees }
}

async function viewParts(
  duckdb: DuckDBConnection,
  { target, parts }: WriteStatement,
  trees: readonly JudgedTree[],
): Promise<readonly Part[]> {
  const [tree] = trees
  if (!tree || !isTable(target)) throw new Error('a view has one query and a name')
  const itself = tree.tables.some(
    ({ schema, name }) => sameName(schema) === sameName(target.schema) && sameName(name) === sameName(target.name),
  )
  if (itself) throw new ServiceError('statementRefused', `The view ${target.schema}.${target.name} would read itself.`)
  if (tree.part.tokens.some(({ kind, value }) => kind === 'parameter' || (kind === 'symbol' && value === '?')))
    throw new ServiceError('statementRefused', 'A view is kept without parameters: write the values into its query.')
  const qualified = await qualifyTables(duckdb, tree)
  return parts.map(part => (part === tree.part ? qualified : part))
}

function isJudged(part: Part): part is JudgedPart {
  return 'tokens' in part
}
