import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { QueryLimits } from '../config.ts'
import { answerStatement } from '../results/answer-statement.ts'
import { negotiateFormat } from '../results/negotiate-format.ts'
import { acceptSql, formatQuery, queryBody } from './query-body.ts'
import { problems, results } from './schemas.ts'

/** `POST /v1/query`: one statement, and its rows in the format that the caller asks for. */
export const queryRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: limits }) => {
  acceptSql(app)

  app.post(
    '/v1/query',
    {
      config: { scope: 'read' },
      bodyLimit: limits.maxBytes,
      schema: {
        tags: ['query'],
        summary: 'Run one statement and read its rows',
        consumes: ['application/json', 'application/sql'],
        body: queryBody,
        querystring: formatQuery,
        response: { 200: results, ...problems },
      },
    },
    async (request, reply) => {
      const format = negotiateFormat(request, request.query.format)
      return answerStatement(app, request, reply, request.body, format, limits)
    },
  )
}
