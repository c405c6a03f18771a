import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Caller } from '../access/caller.ts'
import { holds } from '../access/scopes.ts'
import { readKept } from '../background/read-kept.ts'
import type { QueryLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { negotiateFormat } from '../results/negotiate-format.ts'
import { sendResult } from '../results/send-result.ts'
import { statementOf } from '../results/statement-of.ts'
import { findQuery, listQueries, noteRemoved, queryKinds, queryStates, type StoredQuery } from '../store/queries.ts'
import { acceptSql, formatQuery, queryBody } from './query-body.ts'
import { entryOf, queryEntry } from './query-entry.ts'
import { problems, results, uuid } from './schemas.ts'

/** The longest that a request may wait for the end of a query. */
const maxWaitSeconds = 60

/** How often a query of another process is looked at meanwhile. */
const lookEveryMs = 500

/** How long a cancellation waits for the engine to notice, which it does within its grace. */
const cancelWaitMs = 2_500

const digits = Type.Optional(Type.String({ pattern: '^\\d{1,15}$' }))
const queryPath = Type.Object({ id: uuid })
const wait = Type.Object({
  prefer: Type.Optional(
    Type.String({ description: `wait=N: the answer comes when the query has ended, or after N seconds, up to ${maxWaitSeconds}.` }),
  ),
})
const tags = ['query']
const config = { scope: 'read' } as const

/** `/v1/queries`: statements that go on after their request, and the history of all. */
export const backgroundRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits; readonly timeoutMs: number }> = async (
  app,
  { query: limits, timeoutMs: streamTimeoutMs },
) => {
  acceptSql(app)

  app.post(
    '/v1/queries',
    {
      config,
      schema: {
        tags,
        summary: 'Run a statement in the background',
        description: 'Its result is kept for a while, for any number of readers in any format.',
        consumes: ['application/json', 'application/sql'],
        headers: wait,
        body: queryBody,
        response: { 202: { description: 'It runs or waits; Location is where to ask.', ...entryContent }, ...problems },
      },
    },
    async (request, reply) => {
      const { caller, body } = request
      const { text, timeoutMs } = statementOf(body, 'parquet', caller, { ...limits, streamTimeoutMs })
      const id = randomUUID()
      Object.assign(request.seen, { queryId: id, sql: body.sql })
      const { sql, params = null, asOf = null } = text
      await app.background.submit({
        query: { id, keyId: caller.id, sql, params, asOf, grants: caller.grants ?? null, requestId: request.id },
        text: { ...text, tellTables: app.lakeSettings.get('lineage.reads') },
        submittedAt: new Date(),
        timeoutMs,
        owner: caller,
      })
      reply.code(202).header('location', `/v1/queries/${id}`).header('x-query-id', id)
      return answerWhenSettled(request, reply, id)
    },
  )

  app.get(
    '/v1/queries',
    {
      config,
      schema: {
        tags,
        summary: 'What was asked, newest first',
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum([...queryStates])),
            kind: Type.Optional(Type.Enum([...queryKinds])),
            key: Type.Optional(
              Type.String({ maxLength: 255, pattern: '^[^\\u0000]*$', description: 'Of another key, or * for all: for administrators.' }),
            ),
            search: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 255,
                pattern: '^[^\\u0000]*$',
                description: 'Words that the statement holds, in any case of letters.',
              }),
            ),
            limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$', description: '100 if it is missing.' })),
            after: Type.Optional(uuid),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ queries: Type.Array(queryEntry), next: Type.Union([Type.String(), Type.Null()]) }), ...problems },
      },
    },
    async ({ caller, query: { key = caller.id, state, kind, search, after, limit = '100' } }) => {
      if (key !== caller.id && !holds(caller.scopes, 'admin'))
        throw new ServiceError('forbidden', 'Only an administrator sees the queries of other keys.')
      const filter = { keyId: key === '*' ? undefined : key, state, kind, search, after, limit: Number(limit) + 1 }
      const found = await listQueries(app.store.ask, filter)
      const queries = found.slice(0, Number(limit)).map(each => entryOf(each, app.background.progressOf(each.id)))
      return { queries, next: found.length > queries.length ? (queries.at(-1)?.id ?? null) : null }
    },
  )

  app.get(
    '/v1/queries/:id',
    {
      config,
      schema: { tags, summary: 'The state of a query', params: queryPath, headers: wait, response: { 200: queryEntry, ...problems } },
    },
    async (request, reply) => answerWhenSettled(request, reply, request.params.id),
  )

  app.get(
    '/v1/queries/:id/result',
    {
      config,
      schema: {
        tags,
        summary: 'The rows of a background query that has succeeded',
        params: queryPath,
        querystring: Type.Object(
          { offset: digits, limit: digits, ...formatQuery.properties },
          { additionalProperties: false, description: 'JSON answers have at most QUERY_MAX_ROWS rows: offset goes on.' },
        ),
        response: { 200: results, ...problems },
      },
    },
    async (request, reply) => {
      const format = negotiateFormat(request, request.query.format)
      const query = await visible(request.params.id, request.caller)
      const kept = { ...query, columns: assertReadable(query, request.caller) }
      const result = await readKept(app, request, reply, kept, format, limits)
      return sendResult(request, reply, { result, format, queryId: query.id, startedAt: request.seen.startedAt })
    },
  )

  app.delete(
    '/v1/queries/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Cancel a query, or remove its result',
        description: 'It stays in the history. Of a query or write that runs for its request, the request gets the error queryCancelled.',
        params: queryPath,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id, background } = await visible(request.params.id, request.caller)
      if (await app.background.cancel(id)) {
        app.running.cancel(id)
        await (background ? app.background.settled(id, cancelWaitMs) : ended(id, cancelWaitMs))
      } else {
        await app.keptResults.remove(id)
        await noteRemoved(app.store.ask, id)
      }
      return reply.code(204).send(null)
    },
  )

  /** The same answer for a query that is not there and for one of somebody else. */
  async function visible(id: string, { id: keyId, scopes }: Caller): Promise<StoredQuery> {
    const query = await findQuery(app.store.ask, id)
    if (query && (query.keyId === keyId || holds(scopes, 'admin'))) return query
    throw new ServiceError('notFound', `There is no query ${id} of this key.`)
  }

  /** Of what runs for its request: resolves when it has ended, or after that time. */
  async function ended(id: string, waitMs: number): Promise<void> {
    for (const until = performance.now() + waitMs; performance.now() < until; await sleep(lookEveryMs)) {
      const query = await findQuery(app.store.ask, id)
      if (!query || query.endedAt) return
    }
  }

  async function answerWhenSettled(request: FastifyRequest, reply: FastifyReply, id: string) {
    const seconds = Math.min(Number(/(?:^|[,;\s])wait=(\d{1,6})\b/i.exec(String(request.headers.prefer ?? ''))?.[1] ?? 0), maxWaitSeconds)
    if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`)
    const until = performance.now() + seconds * 1_000
    for (;;) {
      const query = await visible(id, request.caller)
      const leftMs = until - performance.now()
      if (query.endedAt || leftMs <= 0 || reply.raw.closed) return entryOf(query, app.background.progressOf(id))
      await app.background.settled(id, Math.min(leftMs, lookEveryMs))
    }
  }
}

const entryContent = { content: { 'application/json': { schema: queryEntry } } } as const

/** @returns the columns of the kept result. @throws ServiceError if there is none to read, or none for this caller any more */
function assertReadable(
  { kind, state, error, columns, background, resultBytes, grants }: StoredQuery,
  caller: Caller,
): NonNullable<StoredQuery['columns']> {
  if (kind !== 'query') throw new ServiceError('gone', 'It is a write, which has no rows to read: the table has them.')
  if (!background) throw new ServiceError('gone', 'It was answered by /v1/query, which keeps no results: send it to /v1/queries.')
  if (error) throw new ServiceError('conflict', `The query has no result: it ended with ${error.code}. ${error.detail}`)
  if (state !== 'succeeded')
    throw new ServiceError('conflict', `The query is ${state}: ask again when it has succeeded, with Prefer: wait=60 for example.`)
  if (resultBytes === null || columns === null) throw new ServiceError('gone', 'The result is not kept any more: run the query again.')
  if (caller.grants && textOf(caller.grants) !== textOf(grants ?? undefined))
    throw new ServiceError('forbidden', 'What this key may read has changed since the query ran: run it again.')
  return columns
}

function textOf(grants: Caller['grants']): string {
  return JSON.stringify(grants?.map(({ schema, table = null }) => [schema, table]))
}
