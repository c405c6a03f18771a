import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { mayRead } from '../access/grants.ts'
import { ServiceError } from '../errors.ts'
import { checkRows } from '../queue/check-rows.ts'
import { type RowFormat, readSentRows } from '../queue/read-rows.ts'
import { listQueues, queueName } from '../store/queues.ts'
import { grantedTable, queueEntry, queueEntryOf, queuePath, tags } from './queue-entry.ts'
import { problems } from './schemas.ts'

/** A body as it came: numbers in it may have more digits than JavaScript's. */
class Body {
  constructor(
    readonly bytes: Buffer,
    readonly format: RowFormat,
  ) {}
}

const row = Type.Record(Type.String(), Type.Unknown(), { description: 'Values by column name.' })

/** `/v1/queue/{table}`: rows that need not be in the table when the answer comes. */
export const queueRoutes: FastifyPluginAsyncTypebox = async app => {
  const { limits } = app.queue
  const { queueTables: tables } = app
  app.removeContentTypeParser('application/json')
  for (const [type, format] of [
    ['application/json', 'json'],
    ['application/x-ndjson', 'ndjson'],
  ] as const)
    app.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (_request, bytes, done) => done(null, new Body(bytes, format)))

  app.post(
    '/v1/queue/:table',
    {
      config: {
        scope: 'write',
        body: { limit: 'QUEUE_SEND_MAX_BYTES', types: 'application/json or application/x-ndjson', example: '{"column": value, …}' },
      },
      bodyLimit: limits.sendMaxBytes,
      schema: {
        tags,
        summary: 'Send rows to the queue of a table',
        description:
          'They are kept from the 202 on, and come into the table within seconds, each exactly once. A row that does not fit is put aside: `GET …/dead`.',
        params: queuePath,
        body: {
          content: {
            'application/json': { schema: Type.Unsafe({ anyOf: [row, Type.Array(row)] }) },
            'application/x-ndjson': { schema: Type.Unsafe({ description: 'A line for each row, {"column": value, …}.' }) },
          },
        },
        response: {
          202: Type.Object({ schema: Type.String(), table: Type.String(), count: Type.Integer(), ids: Type.Array(Type.String()) }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const wanted = grantedTable(request.params.table, request.caller.grants)
      const body: unknown = request.body
      if (!(body instanceof Body)) throw new ServiceError('invalidRequest', 'The body is empty: send rows as JSON or NDJSON.')
      await app.queue.assertThere()
      const sent = readSentRows(body.bytes, body.format)
      const table = await tables.of(wanted, request.caller)
      checkRows(sent, table, { messageMaxBytes: limits.messageMaxBytes, maxMessages: limits.sendMaxMessages })
      const ids = await app.queue.send(table, sent.text, sent.rows.length)
      request.seen.rows = ids.length
      return reply
        .code(202)
        .header('location', `/v1/queue/${encodeURIComponent(request.params.table)}`)
        .send({ schema: table.schema, table: table.name, count: ids.length, ids: [...ids] })
    },
  )

  app.get(
    '/v1/queue',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The queues of the tables that the key may read',
        response: { 200: Type.Object({ queues: Type.Array(queueEntry) }), ...problems },
      },
    },
    async request => {
      await app.queue.assertThere()
      const queues = await listQueues(app.store.ask)
      const granted = queues.filter(({ schema, table }) => mayRead(request.caller.grants, { schema, name: table }))
      return { queues: granted.map(queueEntryOf) }
    },
  )

  app.get(
    '/v1/queue/:table',
    { config: { scope: 'read' }, schema: { tags, summary: 'One queue', params: queuePath, response: { 200: queueEntry, ...problems } } },
    async request => {
      await app.queue.assertThere()
      const table = grantedTable(request.params.table, request.caller.grants)
      const [found] = await listQueues(app.store.ask, queueName(table))
      if (!found) throw new ServiceError('notFound', `Nothing was ever sent to a queue of ${table.schema}.${table.name}.`)
      return queueEntryOf(found)
    },
  )
}
