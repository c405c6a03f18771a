import { quoteName } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import type { Column } from '../messages.ts'
import type { Session } from '../open-statement.ts'
import { sameName } from '../same-name.ts'
import { commitWrite, tryWrite } from './commit-write.ts'
import { type OpenSource, openSource, type Source } from './source.ts'
import { targetColumns } from './target-columns.ts'
import { assertUniqueKey, mergeSql } from './upsert.ts'
import { extraInfoOf, type QueueNote, type WriteNote } from './write-note.ts'

/** What becomes of the rows that a table has: it keeps them, there must be no such table, they go, or those with the same key go. */
export const writeModes = ['append', 'create', 'replace', 'upsert'] as const
export type WriteMode = (typeof writeModes)[number]

/** One file that goes into a table, in a commit of its own. */
export interface LoadOrder {
  readonly table: TableName
  readonly mode: WriteMode
  readonly source: Source
  /** What a table that is made gets; inferred from the rows where it is missing. */
  readonly columns?: readonly Column[]
  /** By which columns rows are the same, for `upsert`. */
  readonly key?: readonly string[]
  /** Nothing is committed. */
  readonly dryRun: boolean
  readonly author: string
  readonly note: WriteNote
  readonly queue?: QueueNote
}

export interface LoadReport {
  /** Missing after a dry run. */
  readonly snapshotId?: string
  readonly rowCount: number
  /** The table's, as it is then. */
  readonly columns: readonly Column[]
}

export async function load(session: Session, order: LoadOrder): Promise<LoadReport> {
  const { table, mode, note, queue, author, dryRun } = order
  const work = () => loadRows(session, order)
  if (dryRun) return tryWrite(session, work)
  const message = `${mode} ${mode === 'create' || mode === 'replace' ? '' : 'to '}${table.schema}.${table.name}`
  return commitWrite(session, { author, message, extraInfo: '' }, work, ({ rowCount }) => extraInfoOf([{ ...note, rows: rowCount }], queue))
}

async function loadRows(session: Session, order: LoadOrder): Promise<{ rowCount: number; columns: readonly Column[] }> {
  const { lake } = session
  const { table, mode, source, columns: given, key = [], dryRun } = order
  const makes = mode === 'create' || given !== undefined
  if (makes) await assertMakeable(session, table, mode)
  const target = makes ? given && (await canonical(session, source, given)) : await targetColumns(session, table)
  const rows = await openSource(lake, source, target)
  const columns = target ?? rows.columns
  if (mode === 'upsert') await assertUniqueKey(session, rows, key)
  if (dryRun) return { rowCount: await countReadable(session, rows, columns), columns }
  if (makes) await lake.run(`CREATE OR REPLACE TABLE ${tableSql(table)} (${columns.map(definition).join(', ')})`)
  else if (mode === 'replace') await lake.run(`DELETE FROM ${tableSql(table)}`)
  const sql = mode === 'upsert' ? mergeSql(table, rows, key) : `INSERT INTO ${tableSql(table)} BY NAME FROM ${rows.relation}`
  return { rowCount: Number((await lake.runAndReadAll(sql)).value(0, 0)), columns }
}

/** @throws ServiceError notFound for the schema, conflict for a table that must not be there */
async function assertMakeable({ lake }: Session, { schema, name }: TableName, mode: WriteMode): Promise<void> {
  const found = await lake.runAndReadAll(
    `SELECT s.schema_name, t.table_name FROM duckdb_schemas() AS s
      LEFT JOIN (SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'lake'
        UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'lake') AS t
      ON t.schema_name = s.schema_name AND lower(t.table_name) = lower($2)
    WHERE s.database_name = 'lake' AND lower(s.schema_name) = lower($1)`,
    [schema, name],
  )
  const [first] = found.getRows()
  if (!first) throw new ServiceError('notFound', `There is no schema ${schema}: make it first.`)
  if (mode === 'create' && first[1] !== null)
    throw new ServiceError('conflict', `There is a table or view ${schema}.${name} already: use mode=append or mode=replace.`)
}

/** Types as DuckDB writes them: a caller's text never becomes part of a statement. @throws ServiceError invalidRequest */
async function canonical({ lake }: Session, { path }: Source, columns: readonly Column[]): Promise<Column[]> {
  try {
    return (await openSource(lake, { format: 'ndjson', path }, columns)).columns.map(column => ({ ...column }))
  } catch (error) {
    throw new ServiceError('invalidRequest', `columns: ${classifyError(error, '').detail}`)
  }
}

/** Reads every value as the table would have it. */
async function countReadable({ lake }: Session, rows: OpenSource, columns: readonly Column[]): Promise<number> {
  const read = rows.columns.map(({ name }) => {
    const type = columns.find(column => sameName(column.name) === sameName(name))?.type
    return `, count(${type === undefined ? quoteName(name) : `CAST(${quoteName(name)} AS ${type})`})`
  })
  return Number((await lake.runAndReadAll(`SELECT count(*)${read.join('')} FROM ${rows.relation}`)).value(0, 0))
}

function definition({ name, type }: Column): string {
  return `${quoteName(name)} ${type}`
}
