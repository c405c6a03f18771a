import type { DuckDBConnection } from '@duckdb/node-api'
import { type Grants, isGranted } from '../access/grants.ts'
import { ServiceError } from '../errors.ts'
import { LakeDefinitions } from './lake-definitions.ts'
import { lakeTables, type TableName } from './lake-tables.ts'
import type { AsOf } from './messages.ts'
import { refusalOf, tellsAboutAllTables } from './refuse-node.ts'
import { StatementParser } from './statement-parser.ts'
import { isNode, lower, nodesOf } from './syntax-tree.ts'
import { travelInTime } from './travel-in-time.ts'

export interface GatedStatement {
  /** The statement without what follows it: can stand in parentheses. */
  readonly sql: string
  /** The lake's tables and views that it names. */
  readonly tables: readonly TableName[]
  readonly functions: ReadonlySet<string>
  /** It can be answered without the catalog: it has constants and parameters only. */
  readonly constant: boolean
  /** A LIMIT can be put behind it. */
  readonly appendable: boolean
  /** It lists tables, whoever may read them. */
  readonly listsTables: boolean
}

/** Statements whose outcome is kept: a dashboard has tens, and each takes a few kilobytes. */
const maxKept = 1_000

/** How many semicolons from the end are looked at: more than anybody puts behind a statement, and a bound on the work. */
const maxSemicolons = 16

/** How deep views may stand on views. */
const maxViewDepth = 16

/** The security boundary: lets a statement through if it is one query that reads only tables which its caller may read. What runs is the
 * caller's own text, less its tail: DuckDB's regenerated text is another statement for SHOW TABLES, and loses the places of errors. */
export class Gate {
  private readonly kept = new Map<string, GatedStatement>()

  private constructor(
    private readonly lake: DuckDBConnection,
    private readonly parser: StatementParser,
    private readonly definitions: LakeDefinitions,
  ) {}

  static async open(lake: DuckDBConnection): Promise<Gate> {
    return new Gate(lake, await StatementParser.open(lake), await LakeDefinitions.open(lake))
  }

  /** @throws ServiceError that says what was refused and why */
  async check(sql: string, grants: Grants, asOf?: AsOf): Promise<GatedStatement> {
    const key = asOf ? `${JSON.stringify(asOf)} ${sql}` : sql
    let gated = this.kept.get(key)
    if (!gated) {
      gated = await this.read(sql, asOf)
      const [oldest] = this.kept.keys()
      if (this.kept.size >= maxKept && oldest !== undefined) this.kept.delete(oldest)
      this.kept.set(key, gated)
    }
    assertGranted(gated, grants)
    return gated
  }

  /** Looks through the views and macros of the lake that a statement uses, in the transaction that it will run in.
   * @throws ServiceError if one of them does what a statement may not */
  async checkDefinitions({ tables, functions }: GatedStatement, snapshotId: string): Promise<void> {
    await this.definitions.refresh(snapshotId)
    this.definitions.assertNoMacro(functions)
    for (const table of tables) await this.checkView(table, 0)
  }

  private async checkView(table: TableName, depth: number): Promise<void> {
    for (const text of this.definitions.viewTexts(table)) {
      if (depth >= maxViewDepth) throw new ServiceError('statementRefused', `More than ${maxViewDepth} views stand on each other here.`)
      try {
        const view = await this.check(text, 'all')
        this.definitions.assertNoMacro(view.functions)
        for (const inner of view.tables) await this.checkView(inner, depth + 1)
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        throw new ServiceError('statementRefused', `The view ${table.schema}.${table.name} cannot be read: ${error.detail}`)
      }
    }
  }

  private async read(sql: string, asOf: AsOf | undefined): Promise<GatedStatement> {
    const { tree, serialized } = await this.parser.parse(sql)
    const functions = new Set<string>()
    let [constant, listsTables] = [true, false]
    for (const node of nodesOf(tree)) {
      const refusal = refusalOf(node)
      if (refusal) throw new ServiceError('statementRefused', refusal)
      if (typeof node.function_name === 'string') functions.add(lower(node.function_name))
      if (typeof node.class === 'string' && !constantClasses.has(node.class)) constant = false
      if (typeof node.type === 'string' && readingTypes.has(node.type)) constant = false
      if (tellsAboutAllTables(node)) listsTables = true
    }
    const names = new Map<string, TableName>()
    for (const { schema, name } of lakeTables(tree)) names.set(`${schema}.${name}`, { schema, name })
    const statement = { tables: [...names.values()], functions, constant, listsTables, appendable: isAppendable(tree.node) }
    const text = await this.withoutTail(sql, serialized)
    return { ...statement, sql: asOf && names.size > 0 ? await travelInTime(this.lake, text, asOf) : text }
  }

  /** Cuts the semicolon that ends a statement, and comments behind it. Which semicolon does that and which is part of a text or comment
   * only the parser knows: a cut is right where it leaves the same tree. */
  private async withoutTail(sql: string, serialized: string): Promise<string> {
    let statement = sql.replace(/[;\s]+$/, '')
    let semicolon = statement.length
    for (let tries = 0; tries < maxSemicolons; tries += 1) {
      semicolon = semicolon > 0 ? statement.lastIndexOf(';', semicolon - 1) : -1
      if (semicolon < 0) break
      if ((await this.parser.serialized(statement.slice(0, semicolon))) === serialized) statement = statement.slice(0, semicolon).trimEnd()
    }
    return statement
  }
}

/** Expressions that name no function, of which a macro could take the place. */
const constantClasses = new Set(['CONSTANT', 'PARAMETER', 'CAST', 'CASE', 'COMPARISON', 'CONJUNCTION'])

/** What a FROM can hold that is not known without the catalog. */
const readingTypes = new Set(['BASE_TABLE', 'TABLE_FUNCTION', 'SHOW_REF', 'PIVOT'])

function assertGranted({ tables, listsTables }: GatedStatement, grants: Grants): void {
  if (grants === 'all') return
  if (listsTables)
    throw new ServiceError(
      'statementRefused',
      'This key may read some tables only: GET /v1/tables lists them, SHOW TABLES and information_schema would list all.',
    )
  const missing = tables.find(({ schema, name }) => !isGranted(grants, schema, name))
  // The same words whether it exists or not: a key learns nothing of tables that it may not read.
  if (missing) throw new ServiceError('statementRefused', `This key has no grant for ${missing.schema}.${missing.name}.`)
}

/** A LIMIT of its own, or a clause behind which none may stand, keeps another from being put behind. */
function isAppendable(node: unknown): boolean {
  if (!isNode(node) || (node.type !== 'SELECT_NODE' && node.type !== 'SET_OPERATION_NODE')) return false
  const modifiers: readonly unknown[] = Array.isArray(node.modifiers) ? node.modifiers : []
  const shows = isNode(node.from_table) && node.from_table.type === 'SHOW_REF'
  return (
    !shows &&
    node.sample === undefined &&
    modifiers.filter(isNode).every(({ type }) => type === 'ORDER_MODIFIER' || type === 'DISTINCT_MODIFIER')
  )
}
