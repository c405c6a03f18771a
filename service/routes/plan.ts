import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { QueryLimits } from '../config.ts'
import { runForRequest } from '../results/run-for-request.ts'
import { asOfOf, statementOf } from '../results/statement-of.ts'
import { acceptSql, queryBody } from './query-body.ts'
import { problems } from './schemas.ts'

const { sql, params, asOf, timeoutMs } = queryBody.properties

const planBody = Type.Object(
  {
    sql,
    params,
    asOf,
    timeoutMs,
    analyze: Type.Optional(
      Type.Boolean({ description: 'Runs the statement too, throws its rows away and tells what each step took and gave.' }),
    ),
  },
  { additionalProperties: false, title: 'PlanOf' },
)

const planOperator = Type.Object(
  {
    depth: Type.Integer({ description: 'Its inputs follow it, one level deeper.' }),
    name: Type.String({ examples: ['HASH_JOIN'] }),
    details: Type.Record(Type.String(), Type.String(), { description: 'What DuckDB says of it: tables, filters, expressions.' }),
    estimatedRows: Type.Union([Type.Number(), Type.Null()]),
    rows: Type.Union([Type.Number(), Type.Null()], { description: 'Counted, with `analyze`.' }),
    seconds: Type.Union([Type.Number(), Type.Null()], { description: 'Of all threads together, without its inputs; with `analyze`.' }),
  },
  { title: 'PlanOperator' },
)

const plan = Type.Object(
  {
    queryId: Type.String(),
    snapshotId: Type.Union([Type.String(), Type.Null()], { description: 'The version of the lake that it is for.' }),
    operators: Type.Array(planOperator),
    truncated: Type.Boolean({ description: 'There are more than these 2000 operators.' }),
    totals: Type.Union([
      Type.Object({ seconds: Type.Number(), rowsScanned: Type.Number(), bytesRead: Type.Number(), peakMemoryBytes: Type.Number() }),
      Type.Null(),
    ]),
    elapsedMs: Type.Integer(),
  },
  { title: 'Plan' },
)

/** `POST /v1/query/plan`: how DuckDB runs a statement. It passes the same gate as the statement itself. */
export const planRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: limits }) => {
  acceptSql(app)

  app.post(
    '/v1/query/plan',
    {
      config: { scope: 'read' },
      bodyLimit: limits.maxBytes,
      schema: {
        tags: ['query'],
        summary: 'How a statement is run, step by step',
        description: 'A key that may read some tables only gets no plan of a view: it would tell what the view reads.',
        consumes: ['application/json', 'application/sql'],
        body: planBody,
        response: { 200: plan, ...problems },
      },
    },
    async (request, reply) => {
      const { analyze = false, ...body } = request.body
      const queryId = randomUUID()
      const { text, ...rest } = statementOf(body, 'json', request.caller, limits)
      const statement = { ...rest, text: { ...text, explained: true }, output: { kind: 'plan', analyze } } as const
      const { head, rows = '{}' } = await runForRequest(app, request, reply, {
        ...{ queryId, format: 'json', statement },
        written: { id: queryId, sql: body.sql, params: body.params ?? null, asOf: asOfOf(body) ?? null },
      })
      const elapsedMs = Math.round(performance.now() - request.seen.startedAt)
      if (head.snapshotId !== undefined) reply.header('x-snapshot-id', head.snapshotId)
      return { queryId, snapshotId: head.snapshotId ?? null, ...JSON.parse(rows), elapsedMs }
    },
  )
}
