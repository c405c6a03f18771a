import type { FastifyInstance } from 'fastify'
import { outcomeOf } from '../background/outcome-of.ts'
import type { PastQuery } from '../store/history.ts'
import { type Work, whileListed } from './while-listed.ts'

/** What the history says of a write. `sql` of rows is the line of their request. */
export type NotedWrite = Pick<PastQuery, 'id' | 'sql'> & Partial<Pick<PastQuery, 'params'>> & { readonly kind: 'rows' | 'statement' }

interface Written {
  /** null: nothing was committed. */
  readonly snapshotId: string | null
  readonly rowCount: number | null
}

/** Does a write, which is listed meanwhile, and says in its key's history what became of it. */
export async function noteWrite<Answer extends Written>(
  app: Pick<FastifyInstance, 'noteQuery' | 'running'>,
  work: Work,
  { params = null, ...write }: NotedWrite,
  task: (begun: (engine: string) => void) => Promise<Answer>,
): Promise<Answer> {
  const submittedAt = new Date()
  const { caller, id: requestId } = work.request
  const { id: keyId, grants = null } = caller
  const entry = { ...write, keyId, grants, params, asOf: null, requestId, submittedAt }
  try {
    const answer = await whileListed(app, work, { ...write, params }, task)
    const { snapshotId, rowCount } = answer
    app.noteQuery({
      ...entry,
      state: 'succeeded',
      snapshotId: snapshotId ?? undefined,
      rowCount: rowCount ?? undefined,
      endedAt: new Date(),
    })
    return answer
  } catch (error) {
    app.noteQuery({ ...entry, ...outcomeOf(error), endedAt: new Date() })
    throw error
  }
}
