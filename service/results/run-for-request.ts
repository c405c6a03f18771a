import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { EngineResult, Statement } from '../engine-pool/statement-run.ts'
import type { Format } from './formats.ts'

interface Run {
  readonly queryId: string
  readonly format: Format
  readonly statement: Statement
}

/** Runs a statement whose rows are the answer to a request: if the caller hangs up, the statement is cancelled. The log gets what became
 * of it. @throws ServiceError */
export async function runForRequest(
  engines: EnginePool,
  { seen, caller }: FastifyRequest,
  reply: FastifyReply,
  { queryId, format, statement }: Run,
): Promise<EngineResult> {
  Object.assign(seen, { queryId, format, sql: statement.text.sql })
  const gone = new AbortController()
  reply.raw.once('close', () => {
    // After the last byte there is nothing to cancel, and an abort costs as much as the rest of a short request's way through here.
    if (!reply.raw.writableFinished) gone.abort()
  })
  const result = await engines.run({ ...statement, signal: gone.signal }, caller)
  result.end.then(
    ({ rowCount }) => {
      seen.rows = rowCount
    },
    (error: unknown) => {
      seen.outcome = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
    },
  )
  return result
}
