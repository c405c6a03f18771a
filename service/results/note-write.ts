import type { FastifyInstance, FastifyRequest } from 'fastify'
import { outcomeOf } from '../background/outcome-of.ts'
import type { PastQuery } from '../store/history.ts'

/** What the history says of a write. `sql` of rows is the line of their request. */
export type NotedWrite = Pick<PastQuery, 'id' | 'sql'> & Partial<Pick<PastQuery, 'params'>> & { readonly kind: 'rows' | 'statement' }

interface Written {
  /** null: nothing was committed. */
  readonly snapshotId: string | null
  readonly rowCount: number | null
}

/** Does a write, and says in its key's history what became of it. */
export async function noteWrite<Answer extends Written>(
  app: Pick<FastifyInstance, 'noteQuery'>,
  { caller }: Pick<FastifyRequest, 'caller'>,
  { params = null, ...write }: NotedWrite,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const submittedAt = new Date()
  const { id: keyId, grants = null } = caller
  const entry = { ...write, keyId, grants, params, asOf: null, submittedAt }
  try {
    const answer = await work()
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
