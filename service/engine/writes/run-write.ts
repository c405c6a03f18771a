import { type DuckDBConnection, StatementType } from '@duckdb/node-api'
import type { Grants } from '../../access/grants.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { type ColumnSources, columnSources } from '../../lineage/column-lineage.ts'
import { bindParams } from '../bind-params.ts'
import { classifyError } from '../classify-error.ts'
import type { Parameters } from '../messages.ts'
import type { Session } from '../open-statement.ts'
import { withoutHints } from '../without-hints.ts'
import { assertPortable } from '../write-gate/assert-portable.ts'
import { checkWrite, type GatedWrite } from '../write-gate/write-gate.ts'
import { isTable, type WriteKind } from '../write-gate/write-statement.ts'
import { commitWrite } from './commit-write.ts'
import { targetColumns } from './target-columns.ts'
import { extraInfoOf, type WriteNote } from './write-note.ts'

export interface WriteOrder {
  readonly sql: string
  readonly params?: Parameters
  readonly grants?: Grants
  /** What the snapshot says of it. */
  readonly message: string
  readonly note: WriteNote
}

export interface WriteReport {
  /** null: it changed nothing, and there is no new version of the lake. */
  readonly snapshotId: string | null
  /** null for what has no rows. */
  readonly rowCount: number | null
  /** What it read, beside the target. */
  readonly tables: readonly TableName[]
  readonly columns: ColumnSources
}

/** What DuckDB has to take each for. */
const types: Readonly<Record<WriteKind, StatementType>> = {
  insert: StatementType.INSERT,
  update: StatementType.UPDATE,
  delete: StatementType.DELETE,
  merge: StatementType.MERGE_INTO,
  createTable: StatementType.CREATE,
  createView: StatementType.CREATE,
  createSchema: StatementType.CREATE,
  alterTable: StatementType.ALTER,
  alterView: StatementType.ALTER,
  comment: StatementType.ALTER,
  dropTable: StatementType.DROP,
  dropView: StatementType.DROP,
  dropSchema: StatementType.DROP,
}

/** Runs a caller's statement that changes the lake, in one commit. It passes the write gate in the same transaction: what it was judged by
 * is what it finds. @throws ServiceError, or DuckDB's own error */
export async function runWrite(session: Session, { sql, params, grants, message, note }: WriteOrder): Promise<WriteReport> {
  const { lake, gate } = session
  const before = await lastCommitted(lake)
  const work = async () => {
    const [[snapshot] = []] = (await lake.runAndReadAll('FROM lake.current_snapshot()')).getRows()
    await gate.refresh(BigInt(String(snapshot)))
    const gated = await checkWrite(lake, gate, sql, grants)
    const rowCount = await placed(gated, grants, () => run(lake, gated, params))
    return { rowCount, tables: gated.tables, columns: columnSources(gated, await columnsInOrder(session, gated)) }
  }
  const { snapshotId, ...report } = await commitWrite(session, { author: note.by, message, extraInfo: '' }, work, ({ rowCount }) =>
    extraInfoOf([{ ...note, rows: rowCount ?? 0 }]),
  )
  // DuckDB tells the last one that there was.
  return { ...report, snapshotId: snapshotId === before ? null : snapshotId }
}

async function run(lake: DuckDBConnection, gated: GatedWrite, params: Parameters | undefined): Promise<number | null> {
  const { statement, sql } = gated
  if (statement.fromQuery) await assertPortableQuery(lake, gated, params)
  const extracted = await lake.extractStatements(sql.text)
  if (extracted.count !== 1) throw new Error('the statement that was put together is more than one')
  const prepared = await extracted.prepare(0)
  try {
    if (prepared.statementType !== types[statement.kind]) throw new Error(`DuckDB takes a statement of kind ${statement.kind} for another`)
    await bindParams(lake, prepared, params)
    const result = await prepared.run()
    const [row] = result.chunkCount > 0 ? result.getChunk(0).getRows() : []
    const { target, kind } = statement
    // Binds the view, which notices if it comes back to itself by way of others.
    if (kind === 'createView' && isTable(target)) (await lake.prepare(`FROM ${tableSql(target)}`)).destroySync()
    return row?.[0] === undefined || row[0] === null ? null : Number(row[0])
  } finally {
    prepared.destroySync()
  }
}

/** A table of a query has the types that the query happens to have. */
async function assertPortableQuery(lake: DuckDBConnection, { trees }: GatedWrite, params: Parameters | undefined): Promise<void> {
  const [tree] = trees
  if (!tree) throw new Error('a table made of a query has one')
  const empty = await lake.prepare(`SELECT * FROM (\n${tree.probe.text}\n) LIMIT 0`)
  await bindParams(lake, empty, params)
  const result = await empty.run()
  assertPortable(result.columnTypes().map((type, index) => ({ name: result.columnName(index), type })))
}

/** The target's columns for an INSERT that names none. */
async function columnsInOrder(session: Session, { statement, tables }: GatedWrite): Promise<readonly string[]> {
  const { kind, target, columns, byName } = statement
  if (kind !== 'insert' || columns || byName || tables.length === 0 || !isTable(target)) return []
  return (await targetColumns(session, target)).map(({ name }) => name)
}

/** Errors of what ran, with the place in what the caller wrote. */
async function placed<Result>({ sql }: GatedWrite, grants: Grants, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ServiceError) throw error
    const { code, detail, position, candidates } = withoutHints(classifyError(error, sql.text), grants)
    const place = position === undefined ? undefined : sql.placeOf(position)
    throw new ServiceError(code, detail, { ...(place !== undefined && { position: place }), ...(candidates && { candidates }) })
  }
}

async function lastCommitted(lake: DuckDBConnection): Promise<string> {
  const [[snapshot] = []] = (await lake.runAndReadAll('FROM lake.last_committed_snapshot()')).getRows()
  return String(snapshot)
}
