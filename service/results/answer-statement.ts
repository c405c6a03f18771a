import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { QueryLimits } from '../config.ts'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { queryBody } from '../routes/query-body.ts'
import type { Format } from './formats.ts'
import { sendResult } from './send-result.ts'
import { statementOf } from './statement-of.ts'

/** Runs a statement and answers with its rows; if the caller hangs up, the statement is cancelled.
 * @param as `trusted` for a statement of the service itself */
export async function answerStatement(
  engines: EnginePool,
  request: FastifyRequest,
  reply: FastifyReply,
  body: Static<typeof queryBody>,
  format: Format,
  limits: QueryLimits,
  as?: 'trusted',
): Promise<FastifyReply> {
  const { seen, caller } = request
  const queryId = randomUUID()
  Object.assign(seen, { queryId, format, sql: body.sql })
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const { text, ...statement } = statementOf(body, format, caller, limits)
  const result = await engines.run({ ...statement, text: as === 'trusted' ? { ...text, grants: as } : text, signal: gone.signal }, caller)
  result.end.then(
    ({ rowCount }) => {
      seen.rows = rowCount
    },
    (error: unknown) => {
      seen.outcome = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
    },
  )
  return sendResult(request, reply, { result, format, queryId, startedAt: seen.startedAt })
}
