import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ServiceError } from '../errors.ts'
import { type DeadLetter, listDead, removeDead, replayDead } from '../store/dead-letters.ts'
import { listQueues, queueName } from '../store/queues.ts'
import { grantedTable, queuePath, tags } from './queue-entry.ts'
import { problems } from './schemas.ts'

const id = Type.String({ pattern: '^\\d{1,18}$' })
const counted = { 200: Type.Object({ count: Type.Integer({ description: 'Messages that it was done to.' }) }), ...problems }

const deadLetter = Type.Object(
  {
    id,
    code: Type.String(),
    reason: Type.String({ description: 'What is wrong with the row.' }),
    column: Type.Union([Type.String(), Type.Null()], { description: 'The column, where it is one column’s fault.' }),
    tries: Type.Integer(),
    queuedAt: Type.String(),
    diedAt: Type.String(),
    row: Type.Unknown({ description: 'The row as it was sent.' }),
  },
  { title: 'DeadLetter' },
)

/** Messages of one page. */
const pageLimit = { default: 100, max: 1_000 }

/** `/v1/queue/{table}/dead`: messages that fit no row of their table. */
export const deadLetterRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/queue/:table/dead',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Messages that were put aside, oldest first',
        params: queuePath,
        querystring: Type.Object(
          {
            after: Type.Optional(Type.String({ pattern: '^\\d{1,18}$', description: '`next` of the page before.' })),
            limit: Type.Optional(Type.String({ pattern: '^\\d{1,4}$', description: 'Messages of the page, up to 1000; 100 if not said.' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ dead: Type.Array(deadLetter), next: Type.Union([id, Type.Null()]) }), ...problems },
      },
    },
    async (request, reply) => {
      const queue = await known(request.params.table, request)
      const { after, limit: text = `${pageLimit.default}` } = request.query
      const limit = Math.min(Math.max(Number(text), 1), pageLimit.max)
      const found = await listDead(app.store.ask, queue, limit + 1, after)
      const shown = found.slice(0, limit)
      const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null
      return sendJson(reply, `{"dead":[${shown.map(jsonOf).join(',')}],"next":${JSON.stringify(next)}}`)
    },
  )

  app.post(
    '/v1/queue/:table/dead/replay',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Let messages that were put aside wait for the table again',
        description: 'All of them with {}.',
        params: queuePath,
        body: Type.Object({ ids: Type.Optional(Type.Array(id, { minItems: 1, maxItems: 10_000 })) }, { additionalProperties: false }),
        response: counted,
      },
    },
    async request => {
      const queue = await known(request.params.table, request)
      return { count: await replayDead(app.store.ask, queue, request.body.ids) }
    },
  )

  app.delete(
    '/v1/queue/:table/dead',
    {
      config: { scope: 'write' },
      schema: {
        tags,
        summary: 'Forget messages that were put aside',
        params: queuePath,
        querystring: Type.Object(
          {
            ids: Type.Optional(Type.String({ pattern: '^\\d{1,18}(,\\d{1,18}){0,999}$', description: 'Only these, with commas between.' })),
          },
          { additionalProperties: false },
        ),
        response: counted,
      },
    },
    async request => {
      const queue = await known(request.params.table, request)
      return { count: await removeDead(app.store.ask, queue, request.query.ids?.split(',')) }
    },
  )

  async function known(text: string, { caller }: FastifyRequest): Promise<string> {
    await app.queue.assertThere()
    const table = grantedTable(text, caller.grants)
    const name = queueName(table)
    if ((await listQueues(app.store.ask, name)).length === 0)
      throw new ServiceError('notFound', `Nothing was ever sent to a queue of ${table.schema}.${table.name}.`)
    return name
  }
}

/** Written by hand: the rows' numbers keep all their digits. */
function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text)
}

function jsonOf({ row, ...about }: DeadLetter): string {
  return `${JSON.stringify(about).slice(0, -1)},"row":${row}}`
}
