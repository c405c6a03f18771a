import { tableSql } from '../../catalog/table-name.ts'
import { ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import { firstRows } from '../ingest/describe-source.ts'
import { openSource } from '../ingest/open-source.ts'
import type { OpenSource, Rejects, TargetColumn } from '../ingest/source.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite } from './commit-write.ts'
import { type LoadOrder, type LoadReport, loadInfo } from './load-order.ts'
import { assertMakeable, definition, namedTypes } from './make-table.ts'
import { registerFile } from './register-file.ts'
import { rejected, toldRejects } from './rejected.ts'
import { targetColumns } from './target-columns.ts'
import { assertUniqueKey, mergeSql } from './upsert.ts'
import { extraInfoOf } from './write-note.ts'

/** Rows that a dry run shows. */
const shownRows = 10

/** Takes the file's rows into the table. @throws ServiceError dataInvalid with the rows that do not fit, if they are more than may be left
 * out; nothing was written then */
export async function load(session: Session, order: LoadOrder): Promise<LoadReport> {
  const { mode, table, columns: given } = order
  const makes = mode === 'create' || given !== undefined
  if (makes) await assertMakeable(session, table, mode)
  const target = given ? await namedTypes(session.lake, given) : makes ? undefined : await targetColumns(session, table)
  const opened = await openSource(session.lake, order.source, target ? 'nothing' : 'sample')
  try {
    return await loadOpened(session, order, opened, target ?? opened.columns)
  } catch (error) {
    // What comes behind the sample may be of another type.
    if (target || !isOfData(error)) throw error
    const whole = await openSource(session.lake, order.source, 'whole')
    try {
      return await loadOpened(session, order, whole, whole.columns)
    } finally {
      await whole.close()
    }
  } finally {
    await opened.close()
  }
}

async function loadOpened(session: Session, order: LoadOrder, opened: OpenSource, target: readonly TargetColumn[]): Promise<LoadReport> {
  const columns = target.map(({ name, type }) => ({ name, type }))
  const { maxRejects, dryRun } = order
  if (!dryRun) {
    const tried = order.register && (await registerFile(session, order, target, order.register))
    if (tried && !('misfit' in tried)) return { ...tried, columns, registered: true }
    const anew = tried && { registered: false, rewrittenBecause: tried.misfit }
    try {
      return { ...(await commitRows(session, order, opened.strictSql(target), target)), columns, ...anew }
    } catch (error) {
      if (!isOfData(error)) throw error
      const rejects = await opened.findRejects(target, toldRejects)
      if (rejects.count === 0) throw error
      if (rejects.count > maxRejects) throw rejected(rejects, maxRejects)
      const done = await commitRows(session, order, opened.acceptedSql(target), target, rejects)
      return { ...done, columns, rejects, ...anew }
    }
  }
  const rejects = await opened.findRejects(target, toldRejects)
  if (rejects.count > maxRejects) throw rejected(rejects, maxRejects)
  if (order.mode === 'upsert') await assertUniqueKey(session, opened.acceptedSql(target), order.key ?? [])
  const rows = await firstRows(session.lake, opened, target, shownRows)
  return { rowCount: rejects.total - rejects.count, columns, rows, ...(rejects.count > 0 && { rejects }) }
}

/** @param rows a query for them. @param rejects those that it leaves out: the sum has to be right, or rows would be lost without a word. */
function commitRows(session: Session, order: LoadOrder, rows: string, target: readonly TargetColumn[], rejects?: Rejects) {
  const { lake } = session
  const { table, mode, columns: given, key = [], note, queue } = order
  const makes = mode === 'create' || given !== undefined
  const work = async () => {
    if (makes) await lake.run(`CREATE OR REPLACE TABLE ${tableSql(table)} (${target.map(definition).join(', ')})`)
    else if (mode === 'replace') await lake.run(`DELETE FROM ${tableSql(table)}`)
    if (mode === 'upsert') await assertUniqueKey(session, rows, key)
    const sql = mode === 'upsert' ? await mergeSql(session, table, rows, key) : `INSERT INTO ${tableSql(table)} BY NAME (${rows})`
    const rowCount = Number((await lake.runAndReadAll(sql)).value(0, 0))
    if (rejects && rowCount !== rejects.total - rejects.count)
      throw new ServiceError(
        'dataInvalid',
        `Of ${rejects.total} rows ${rejects.count} do not fit, but ${rowCount} could be written: nothing was.`,
      )
    return { rowCount }
  }
  return commitWrite(session, loadInfo(order), work, ({ rowCount }) => extraInfoOf([{ ...note, rows: rowCount }], queue))
}

/** Whether it says something of the rows; all else would meet any rows. */
function isOfData(error: unknown): boolean {
  if (error instanceof ServiceError) return error.code === 'dataInvalid'
  return ['queryFailed', 'sqlInvalid'].includes(classifyError(error, '').code)
}
