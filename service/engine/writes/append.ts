import { quoteName } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { type ErrorCode, ServiceError } from '../../errors.ts'
import { classifyError } from '../classify-error.ts'
import type { EngineFailure } from '../messages.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite, tryWrite } from './commit-write.ts'
import { membersRelation } from './members-relation.ts'
import { openSource, type Source } from './source.ts'
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
  const { members } = order
  try {
    return await commitMembers(session, order, members)
  } catch (error) {
    const failure = classifyError(error, '')
    if (!ofOneMember.has(failure.code)) throw error
    if (members.length === 1) return { members: [{ error: failure }] }
  }
  const faults: (EngineFailure | undefined)[] = []
  for (const member of members) faults.push(await faultOf(session, order, member))
  const sound = members.filter((_, index) => !faults[index])
  if (sound.length === members.length)
    throw new ServiceError('queryFailed', 'Each of these appends works alone, all of them together do not.')
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
  return commitWrite(
    session,
    { author: order.author, message: `append to ${order.table.schema}.${order.table.name}`, extraInfo: '' },
    async () => ({ members: await insertMembers(session, order.table, members) }),
    result => extraInfoOf(notes(result.members)),
  )
}

/** Why the member's rows cannot be appended; nothing if they can. */
async function faultOf(session: Session, { table }: AppendOrder, member: AppendMember): Promise<EngineFailure | undefined> {
  try {
    await tryWrite(session, () => insertMembers(session, table, [member]))
    return undefined
  } catch (error) {
    const failure = classifyError(error, '')
    if (ofOneMember.has(failure.code)) return failure
    throw error
  }
}

/** Inserts the rows in the open transaction. They are counted by member where they lie in memory, so that each file is read once. */
async function insertMembers(
  session: Session,
  table: TableName,
  members: readonly AppendMember[],
): Promise<readonly { readonly rowCount: number }[]> {
  const { lake } = session
  const target = await targetColumns(session, table)
  const [alone] = members
  if (alone && members.length === 1) {
    const { relation } = await openSource(lake, alone.source, target)
    const rows = await lake.runAndReadAll(`INSERT INTO ${tableSql(table)} BY NAME FROM ${relation}`)
    return [{ rowCount: Number(rows.value(0, 0)) }]
  }
  const number = quoteName(unusedName(target.map(({ name }) => name)))
  const sources = members.map(({ source }) => source)
  await lake.run(`CREATE TEMP TABLE staged AS ${await membersRelation(lake, sources, target, number)}`)
  const counts = new Map(
    (await lake.runAndReadAll(`SELECT ${number}, count(*) FROM temp.staged GROUP BY ALL`))
      .getRows()
      .map(([index, count]) => [Number(index), Number(count)]),
  )
  await lake.run(`INSERT INTO ${tableSql(table)} BY NAME SELECT * EXCLUDE ${number} FROM temp.staged`)
  await lake.run('DROP TABLE temp.staged')
  return members.map((_, index) => ({ rowCount: counts.get(index) ?? 0 }))
}

function unusedName(names: readonly string[]): string {
  let name = 'member'
  while (names.some(other => other.toLowerCase() === name)) name += '_'
  return name
}
