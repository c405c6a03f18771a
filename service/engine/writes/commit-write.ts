import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import type { Session } from '../open-statement.ts'
import { describeConflict } from './describe-conflict.ts'

/** What the snapshot of a write remembers of it. */
export interface CommitInfo {
  /** The key's id, or the service's own name. */
  readonly author: string
  readonly message: string
  /** JSON with the ids of the writes in it: by them a commit is found whose answer got lost. */
  readonly extraInfo: string
}

/** Does the work in a transaction of its own and commits it under its author's name.
 * @param extraInfo where it is known only after the work. @throws ServiceError, or DuckDB's own error; nothing is committed then, unless
 * the code is `outcomeUnknown`. */
export async function commitWrite<Result>(
  { lake }: Pick<Session, 'lake'>,
  info: CommitInfo,
  work: () => Promise<Result>,
  extraInfo: (result: Result) => string = () => info.extraInfo,
): Promise<Result & { readonly snapshotId: string }> {
  await lake.run('BEGIN')
  let result: Result
  try {
    result = await work()
    const [author, message, extra] = [info.author, info.message, extraInfo(result)].map(quote)
    await lake.run(`CALL lake.set_commit_message(${author}, ${message}, extra_info => ${extra})`)
  } catch (error) {
    await lake.run('ROLLBACK').catch(() => {})
    throw error
  }
  try {
    await lake.run('COMMIT')
    // It asks the catalog, which may have gone in this moment: the rows are in the lake all the same.
    const [[snapshot] = []] = (await lake.runAndReadAll('FROM lake.last_committed_snapshot()')).getRows()
    return { ...result, snapshotId: String(snapshot) }
  } catch (error) {
    await lake.run('ROLLBACK').catch(() => {})
    throw await commitError(lake, error)
  }
}

/** Does the work in a transaction and undoes it. */
export async function tryWrite<Result>({ lake }: Session, work: () => Promise<Result>): Promise<Result> {
  await lake.run('BEGIN')
  try {
    return await work()
  } finally {
    await lake.run('ROLLBACK').catch(() => {})
  }
}

/** A conflict is found before anything is written. All else can have come between the commit and its answer. */
async function commitError(lake: DuckDBConnection, error: unknown): Promise<ServiceError> {
  const { code, detail } = classifyError(error, '')
  if (code === 'writeConflict') return new ServiceError(code, await describeConflict(lake, detail).catch(() => detail))
  return new ServiceError('outcomeUnknown', `The commit was not acknowledged: ${detail}`)
}
