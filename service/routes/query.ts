import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { QueryLimits } from '../config.ts'
import { negotiateFormat } from '../results/negotiate-format.ts'
import { sendResult } from '../results/send-result.ts'
import { statementOf } from '../results/statement-of.ts'
import { formatQuery, queryBody } from './query-body.ts'

/** `POST /v1/query`: one statement, and its rows in the format that the caller asks for. */
export const queryRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: limits }) => {
  app.addContentTypeParser('application/sql', { parseAs: 'string' }, (_request, sql, done) => done(null, { sql }))

  app.post('/v1/query', { schema: { body: queryBody, querystring: formatQuery }, bodyLimit: limits.maxBytes }, async (request, reply) => {
    const format = negotiateFormat(request, request.query.format)
    const startedAt = performance.now()
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const statement = statementOf(request.body, format, request.caller, limits)
    const result = await app.engines.run({ ...statement, signal: gone.signal }, request.caller.id)
    return sendResult(request, reply, { result, format, queryId: randomUUID(), startedAt })
  })
}
