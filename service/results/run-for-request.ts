import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { EngineResult, Statement } from '../engine-pool/statement-run.ts'
import type { Format } from './formats.ts'
import { type ListedAs, list } from './while-listed.ts'

interface Run {
  readonly queryId: string
  readonly format: Format
  readonly statement: Statement
  /** What the caller wrote; otherwise it is listed by the line of its request. */
  readonly written?: Omit<ListedAs, 'kind'>
}

/** Runs a statement whose rows are the answer to a request: if the caller hangs up, or somebody asks for its end, the statement is cancelled.
 * The log gets what became of it. @throws ServiceError */
export async function runForRequest(
  app: Pick<FastifyInstance, 'engines' | 'running'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { queryId, format, statement, written }: Run,
): Promise<EngineResult> {
  const { seen, caller } = request
  Object.assign(seen, { queryId, format, sql: statement.text.sql })
  const gone = new AbortController()
  reply.raw.once('close', () => {
    // After the last byte there is nothing to cancel, and an abort costs as much as the rest of a short request's way through here.
    if (!reply.raw.writableFinished) gone.abort()
  })
  const { begun, over } = list(app, { request, gone }, { ...written, kind: 'query' })
  let result: EngineResult
  try {
    result = await app.engines.run({ ...statement, signal: gone.signal, begun }, caller)
  } catch (error) {
    over()
    throw error
  }
  result.end.then(
    ({ rowCount }) => {
      over()
      seen.rows = rowCount
    },
    (error: unknown) => {
      over()
      seen.outcome = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
    },
  )
  return result
}
