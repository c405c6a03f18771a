import type { TableName } from '../../catalog/table-name.ts'
import { type ErrorCode, ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import { openSource } from '../ingest/open-source.ts'
import type { Source, TargetColumn } from '../ingest/source.ts'
import type { EngineFailure } from '../messages.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite } from './commit-write.ts'
import { insertMembers } from './insert-members.ts'
import { rejected, toldRejects } from './rejected.ts'
import { targetColumns } from './target-columns.ts'
import { extraInfoOf, type WriteNote } from './write-note.ts'

/** Small appends to one table that go into one commit. */
export interface AppendOrder {
  readonly table: TableName
  readonly author: string
  readonly members: readonly AppendMember[]
}

export interface AppendMember {
  readonly note: WriteNote
  readonly source: Source
}

type MemberReport = { readonly rowCount: number } | { readonly error: EngineFailure }

/** What became of each member, in their order. */
export interface AppendReport {
  /** Missing if no member could be appended. */
  readonly snapshotId?: string
  readonly members: readonly MemberReport[]
}

/** Adds the members' rows to the table: all at once, and without those that are at fault if that does not work. */
export async function append(session: Session, order: AppendOrder): Promise<AppendReport> {
  const { members, table } = order
  let first: unknown
  try {
    return await commitMembers(session, order, members)
  } catch (error) {
    if (!ofOneMember.has(classifyError(error, '').code)) throw error
    first = error
  }
  const target = await targetColumns(session, table)
  const faults: (EngineFailure | undefined)[] = []
  for (const { source } of members) faults.push(await faultOf(session, source, target))
  const sound = members.filter((_, index) => !faults[index])
  if (sound.length === members.length) {
    if (members.length === 1) return { members: [{ error: classifyError(first, '') }] }
    throw new ServiceError('queryFailed', 'Each of these appends works alone, all of them together do not.')
  }
  const { snapshotId, members: done } = sound.length > 0 ? await commitMembers(session, order, sound) : { members: [] }
  const reports = [...done]
  return {
    ...(snapshotId !== undefined && { snapshotId }),
    members: faults.map(error => (error ? { error } : (reports.shift() ?? { rowCount: 0 }))),
  }
}

/** Errors that say something of the rows; all others would meet any rows. */
const ofOneMember: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['dataInvalid', 'invalidRequest', 'queryFailed', 'sqlInvalid'])

function commitMembers(session: Session, order: AppendOrder, members: readonly AppendMember[]) {
  const notes = (counts: readonly { readonly rowCount: number }[]) =>
    members.map(({ note }, index) => ({ ...note, rows: counts[index]?.rowCount ?? 0 }))
  const sources = members.map(({ source }) => source)
  return commitWrite(
    session,
    { author: order.author, message: `append to ${order.table.schema}.${order.table.name}`, extraInfo: '' },
    async () => {
      // In the transaction, so that the catalog is asked for its newest version once.
      const target = await targetColumns(session, order.table)
      return { members: (await insertMembers(session, order.table, target, sources)).map(rowCount => ({ rowCount })) }
    },
    result => extraInfoOf(notes(result.members)),
  )
}

/** Why the member's rows cannot be appended; nothing if they can. */
async function faultOf({ lake }: Session, source: Source, target: readonly TargetColumn[]): Promise<EngineFailure | undefined> {
  try {
    const opened = await openSource(lake, source, 'nothing')
    try {
      const rejects = await opened.findRejects(target, toldRejects)
      return rejects.count > 0 ? classifyError(rejected(rejects, 0), '') : undefined
    } finally {
      await opened.close()
    }
  } catch (error) {
    const failure = classifyError(error, '')
    if (ofOneMember.has(failure.code)) return failure
    throw error
  }
}
