import type { DuckDBConnection } from '@duckdb/node-api'
import { type Grants, mayRead } from '../access/grants.ts'
import { ServiceError } from '../errors.ts'
import { type Inspection, inspectStatement } from './inspect-statement.ts'
import { type Judgement, judgeStatement, type TableName } from './judge-statement.ts'
import { type Definition, type LakeDefinitions, loadDefinitions, noDefinitions } from './lake-definitions.ts'
import { type AsOf, atClause, type Insertion, insert, insertAsOf } from './read-as-of.ts'
import { serialize, statementOf } from './statement-tree.ts'
import { withoutTail } from './without-tail.ts'

/** Characters of a statement: parsing more takes longer than most statements run. */
const maxStatementLength = 1_048_576

/** Characters of a statement's tree as JSON: 100,000 names or values, 0.7 s of work. */
const maxTreeLength = 16_777_216

/** Statements whose check is remembered. A page or a program sends the same few dozen again and again. */
const maxRemembered = 512

/** Longer statements are not remembered: 512 of this length are 16 MiB. */
const maxRememberedLength = 16_384

export interface GatedStatement {
  /** The statement without what follows it, and with asOf put in: it can stand in parentheses, on lines of its own. */
  readonly sql: string
  /** The tables and views of the lake that it names, sorted, each once. */
  readonly tables: readonly TableName[]
  /** The outermost query has an ORDER BY: the order of the rows is a part of the result. */
  readonly ordered: boolean
  /** A LIMIT can be put behind it. */
  readonly appendable: boolean
  /** What of `sql` is ours and not the caller's, for the place of an error. */
  readonly insertions: readonly Insertion[]
}

export interface CheckOptions {
  /** For every table that has no AT clause of its own. */
  readonly asOf?: AsOf
  readonly grants?: Grants
  /** Its plan will be told. */
  readonly explained?: boolean
}

interface Checked {
  readonly sql: string
  readonly inspection: Inspection
  readonly insertions: Map<string, readonly Insertion[]>
  judged: { readonly by: LakeDefinitions; readonly judgement: Judgement } | undefined
}

/** Lets a statement through if it is one query that only reads tables of the lake: the service's security boundary.
 *
 * What runs is the caller's own text, which the parser has read twice, and not SQL made from its tree: that changes the names of columns,
 * the places of errors and some statements (GROUPING SETS, intervals), while the text cannot mean
 * anything else than the tree that the same parser made of it. */
export class Gate {
  private readonly remembered = new Map<string, Checked>()
  private readonly definitions = new Map<string, Inspection | string>()
  private lake: LakeDefinitions = noDefinitions
  private snapshotId: bigint | undefined

  constructor(private readonly duckdb: DuckDBConnection) {}

  /** Takes in the views and macros of the snapshot that the next statements read; costs nothing while that stays the same.
   * To be called in the statement's transaction, before `check`: then nobody can change a view in between. */
  async refresh(snapshotId: bigint): Promise<void> {
    if (snapshotId === this.snapshotId) return
    this.snapshotId = undefined
    this.lake = await loadDefinitions(this.duckdb, snapshotId)
    this.snapshotId = snapshotId
    const texts = new Set([...this.lake.views.values(), ...this.lake.macros.values()].flat().map(({ sql }) => sql))
    for (const sql of this.definitions.keys()) if (!texts.has(sql)) this.definitions.delete(sql)
    for (const sql of texts) if (!this.definitions.has(sql)) this.definitions.set(sql, await this.inspectText(sql))
  }

  /** @throws ServiceError that says what was refused and why. */
  async check(sql: string, { asOf, grants, explained = false }: CheckOptions = {}): Promise<GatedStatement> {
    if (this.snapshotId === undefined) throw new Error('the gate needs the number of the snapshot before it can check')
    const checked = this.recall(sql) ?? this.remember(sql, await this.read(sql))
    const { inspection } = checked
    if (checked.judged?.by !== this.lake) {
      const judgement = judgeStatement(
        inspection,
        this.lake,
        (definition: Definition) => this.definitions.get(definition.sql) ?? 'It is new.',
      )
      checked.judged = { by: this.lake, judgement }
    }
    const { refusal, tables, noPast, readsViews } = checked.judged.judgement
    // Grants come first: a refusal may tell what a view is made of.
    assertGranted(grants, inspection, tables)
    if (refusal !== undefined) throw new ServiceError('statementRefused', refusal)
    if (grants && explained && readsViews) {
      throw new ServiceError('statementRefused', 'A plan would tell what a view reads, and this key may read some tables only.')
    }
    if (asOf && noPast !== undefined) throw new ServiceError('statementRefused', noPast)
    const insertions = asOf ? await this.insertionsOf(checked, asOf) : []
    return { sql: insert(checked.sql, insertions), tables, ordered: inspection.ordered, appendable: inspection.appendable, insertions }
  }

  /** Lets a statement through that needs no snapshot, because it reads nothing and calls nothing.
   * @returns undefined if it is not one. @throws ServiceError */
  async checkConstant(sql: string): Promise<GatedStatement | undefined> {
    const checked = this.recall(sql) ?? this.remember(sql, await this.read(sql))
    const { constant, ordered, appendable } = checked.inspection
    return constant ? { sql: checked.sql, tables: [], ordered, appendable, insertions: [] } : undefined
  }

  private async read(sql: string): Promise<Checked> {
    if (sql.length > maxStatementLength) {
      throw new ServiceError('bodyTooLarge', `The statement has ${sql.length} characters, ${maxStatementLength} are allowed.`)
    }
    if (sql.includes('\0')) throw new ServiceError('sqlSyntax', 'The statement holds a NUL character.', { position: sql.indexOf('\0') })
    const serialized = await serialize(this.duckdb, sql)
    if (serialized.length > maxTreeLength) {
      throw new ServiceError('bodyTooLarge', 'The statement has too many parts: put long lists of values into a table, or ask in pieces.')
    }
    const inspection = inspectStatement(statementOf(serialized, sql))
    return { sql: await withoutTail(this.duckdb, sql, serialized), inspection, insertions: new Map(), judged: undefined }
  }

  private async inspectText(sql: string): Promise<Inspection | string> {
    try {
      return inspectStatement(statementOf(await serialize(this.duckdb, sql), sql))
    } catch (error) {
      if (error instanceof ServiceError) return error.detail
      throw error
    }
  }

  private async insertionsOf(checked: Checked, asOf: AsOf): Promise<readonly Insertion[]> {
    const clause = atClause(asOf)
    const known = checked.insertions.get(clause)
    if (known) return known
    const insertions = await insertAsOf(this.duckdb, checked.sql, checked.inspection, clause)
    // One is enough: whoever looks into the past mostly stays there for a while.
    checked.insertions.clear()
    checked.insertions.set(clause, insertions)
    return insertions
  }

  private recall(sql: string): Checked | undefined {
    const checked = this.remembered.get(sql)
    if (checked) {
      this.remembered.delete(sql)
      this.remembered.set(sql, checked)
    }
    return checked
  }

  private remember(sql: string, checked: Checked): Checked {
    if (sql.length > maxRememberedLength) return checked
    this.remembered.set(sql, checked)
    const [oldest] = this.remembered.keys()
    if (oldest !== undefined && this.remembered.size > maxRemembered) this.remembered.delete(oldest)
    return checked
  }
}

/** The sentence is the same whether there is such a table or not. */
function assertGranted(grants: Grants, inspection: Inspection, tables: readonly TableName[]): void {
  if (grants === undefined) return
  const missing = tables.find(table => !mayRead(grants, table))
  if (missing) {
    throw new ServiceError('statementRefused', `There is no table ${missing.schema}.${missing.name} that this key may read.`)
  }
  if (inspection.listsTables || inspection.readsInformationSchema) {
    throw new ServiceError('statementRefused', 'This key may read some tables only: GET /v1/tables lists them.')
  }
}
