import { createHash, randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Caller } from '../access/caller.ts'
import { holds } from '../access/scopes.ts'
import type { WriteLimits } from '../config.ts'
import { parseWrite } from '../engine/write-gate/parse-write.ts'
import { type WriteStatement, writeKinds } from '../engine/write-gate/write-statement.ts'
import { ServiceError } from '../errors.ts'
import { parentRunOf } from '../lineage/parent-run.ts'
import { noteWrite } from '../results/note-write.ts'
import { tightened } from '../results/statement-of.ts'
import { recoveredAnswer, type StatementAnswer } from '../writes/statements.ts'
import { idempotencyKeyHeader } from './idempotency-key.ts'
import { acceptSql, queryBody } from './query-body.ts'
import { problems } from './schemas.ts'

const statementBody = Type.Object(
  {
    sql: Type.String({
      minLength: 1,
      pattern: '^[^\\u0000]*$',
      description: 'One statement that changes rows (INSERT, UPDATE, DELETE, MERGE) or makes, changes or drops a table, view or schema.',
    }),
    params: queryBody.properties.params,
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1, description: 'May only tighten the limit of the key.' })),
  },
  { additionalProperties: false, title: 'Statement' },
)

const statementAnswer = Type.Object(
  {
    writeId: Type.String({ description: 'The commit carries it.' }),
    snapshotId: Type.Union([Type.String(), Type.Null()], {
      description: 'The version of the lake that it made; null if it changed nothing.',
    }),
    kind: Type.Enum([...writeKinds]),
    rowCount: Type.Union([Type.Integer(), Type.Null()], { description: 'Rows that it changed; null for what has none.' }),
    elapsedMs: Type.Integer(),
  },
  { title: 'StatementAnswer' },
)

type Answer = Static<typeof statementAnswer>

/** `POST /v1/statements`: one statement that changes the lake, in one commit. */
export const statementRoutes: FastifyPluginAsyncTypebox<{ readonly limits: WriteLimits }> = async (app, { limits }) => {
  acceptSql(app)

  app.post(
    '/v1/statements',
    {
      // Which scope it takes the statement says.
      config: { scope: 'any' },
      schema: {
        tags: ['writing'],
        summary: 'Run one statement that changes the lake',
        consumes: ['application/json', 'application/sql'],
        body: statementBody,
        headers: idempotencyKeyHeader,
        response: { 200: statementAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { caller, body, headers, seen } = request
      const { sql, params } = body
      assertMayWrite(caller)
      const timeoutMs = tightened('timeoutMs', body.timeoutMs, Math.min(limits.timeoutMs, caller.limits.timeoutMs ?? limits.timeoutMs))
      Object.assign(seen, { sql })
      const statement = parseWrite(sql)
      assertMay(caller, statement)
      const key = headers['idempotency-key']
      const parent = parentRunOf(headers)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const run = async (id: string, claim?: AbortSignal) => {
        const note = { id, request: request.id, by: caller.id, ...(key !== undefined && { key }) }
        const { grants } = caller
        const given = { sql, statement, note, parent, ...(params && { params }), ...(grants && { grants }), ...(claim && { claim }) }
        const noted = { id, kind: 'statement', sql, params: params ?? null } as const
        const answer = await noteWrite(app, { request, gone }, noted, begun =>
          app.statements.run({ ...given, owner: caller, timeoutMs, signal: gone.signal, begun }),
        )
        return answerOf(request, id, statement, answer)
      }
      if (key === undefined) return send(request, reply, await run(randomUUID()))
      const { answer, replayed } = await app.idempotency.once(
        { id: randomUUID(), keyId: caller.id, idempotencyKey: key, requestHash: hashOf(request, body) },
        run,
        (id, found) => answerOf(request, id, statement, recoveredAnswer(statement, found)),
      )
      if (replayed) reply.header('idempotent-replayed', 'true')
      return send(request, reply, answer)
    },
  )
}

/** Before the statement is read. */
function assertMayWrite({ id, scopes }: Caller): void {
  if (holds(scopes, 'write') || holds(scopes, 'ddl')) return
  throw new ServiceError('forbidden', `This needs the scope write or ddl; ${id} has ${scopes.join(', ') || 'none'}.`)
}

function assertMay({ id, scopes }: Caller, { kind, scope }: WriteStatement): void {
  if (holds(scopes, scope)) return
  const what = scope === 'write' ? 'changes rows' : 'makes, changes or drops tables, views and schemas'
  throw new ServiceError('forbidden', `A statement that ${what} (${kind}) needs the scope ${scope}; ${id} has ${scopes.join(', ')}.`)
}

/** What makes a request the same as another: all that decides what it does. */
function hashOf({ url }: FastifyRequest, { sql, params }: Static<typeof statementBody>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([url, sql, params]))
    .digest()
}

function answerOf({ seen }: FastifyRequest, writeId: string, { kind }: WriteStatement, { snapshotId, rowCount }: StatementAnswer): Answer {
  return { writeId, snapshotId, kind, rowCount, elapsedMs: Math.round(performance.now() - seen.startedAt) }
}

/** @param answer perhaps one that was kept. */
function send({ seen }: FastifyRequest, reply: FastifyReply, answer: object): FastifyReply {
  if (!Value.Check(statementAnswer, answer)) throw new Error('an answer was kept that is none of a statement')
  const { writeId, snapshotId, rowCount } = answer
  Object.assign(seen, { writeId, snapshotId: snapshotId ?? undefined, ...(rowCount !== null && { rows: rowCount }) })
  if (snapshotId !== null) reply.header('x-snapshot-id', snapshotId)
  return reply.send(answer)
}
