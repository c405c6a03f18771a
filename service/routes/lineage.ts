import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { holds } from '../access/scopes.ts'
import { ServiceError } from '../errors.ts'
import { drawMermaid } from '../lineage/draw-mermaid.ts'
import { readGraph } from '../lineage/lineage-graph.ts'
import { takeEvents } from '../lineage/take-events.ts'
import { eventsOfRun, findRun } from '../store/lineage-runs.ts'
import { listLineageEvents } from '../store/list-lineage-events.ts'
import { defaultDepth, eventsQuery, graph, graphQuery, lineageRun, listedEvents, runEvents } from './lineage-body.ts'
import { Pages, rowNumber } from './pages.ts'
import { problems, uuid } from './schemas.ts'

/** Events of one run in an answer. */
const maxEvents = 1_000

const mermaid = 'text/vnd.mermaid'
const headings = { up: ['up'], down: ['down'], both: ['up', 'down'] } as const
const pages = new Pages('lineage', [rowNumber])
const tags = ['lineage']

/** `/v1/lineage`: what was made of what, and by whom. */
export const lineageRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post(
    '/v1/lineage',
    {
      config: { scope: 'write' },
      // One event alone is what most clients send.
      preValidation: async request => {
        if (typeof request.body === 'object' && request.body !== null && !Array.isArray(request.body)) request.body = [request.body]
      },
      schema: {
        tags,
        summary: 'Take OpenLineage’s events of runs elsewhere',
        description: 'An event that is known already, by run, type and time, is not stored again. Facets are kept as they come.',
        body: runEvents,
        response: { 200: Type.Object({ received: Type.Integer(), stored: Type.Integer() }), ...problems },
      },
    },
    async ({ body, caller, id }) => ({
      received: body.length,
      stored: await takeEvents(app.store, body, caller, id, await app.lineageNamespace()),
    }),
  )

  app.get(
    '/v1/lineage',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The graph around a dataset, or a column of it',
        description: 'What the key may not read is left out, with every way that leads over it.',
        querystring: graphQuery,
        response: {
          200: {
            description: 'Datasets and jobs, or columns, and what flows from where to where.',
            content: { 'application/json': { schema: graph }, [mermaid]: { schema: Type.String() } },
          },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { dataset, column, direction = 'both', depth = defaultDepth } = request.query
      const asText = wantsMermaid(request, request.query.format)
      const lakeNamespace = await app.lineageNamespace()
      const { namespace = lakeNamespace } = request.query
      const question = {
        dataset: { namespace, name: dataset },
        column,
        headings: headings[direction],
        depth: Number(depth),
        grants: request.caller.grants,
      }
      const found = await readGraph(app.store.ask, question, lakeNamespace)
      if (!found) throw new ServiceError('notFound', `No event that this key may see names the dataset ${dataset} in ${namespace}.`)
      reply.header('vary', 'accept')
      return asText ? reply.type(`${mermaid}; charset=utf-8`).send(drawMermaid(found)) : reply.send(found)
    },
  )

  app.get(
    '/v1/lineage/events',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Events of all runs, newest first',
        querystring: eventsQuery,
        response: { 200: listedEvents, ...problems },
      },
    },
    async ({ query: { delivery, job, ...page } }) => {
      const { limit, after } = pages.wanted(page)
      const found = await listLineageEvents(app.store.ask, { delivery, job, before: after?.[0], limit })
      const { entries, next } = pages.page(found, limit, ({ id }) => [id])
      return { events: entries.map(({ id: _, at, ...event }) => ({ ...event, at: at.toISOString() })), next }
    },
  )

  app.get(
    '/v1/lineage/runs/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A run with its events',
        description: 'Of the key that asks, or of any for an administrator: its events have the text of statements.',
        params: Type.Object({ id: uuid }),
        response: { 200: lineageRun, ...problems },
      },
    },
    async ({ params: { id }, caller }) => {
      const found = await findRun(app.store.ask, id)
      if (!found || (found.keyId !== caller.id && !holds(caller.scopes, 'admin')))
        throw new ServiceError('notFound', `There is no run ${id} of this key.`)
      const { namespace, name, type, startedAt, endedAt, ...rest } = found
      const events = await eventsOfRun(app.store.ask, found.id, maxEvents)
      return {
        ...rest,
        job: { namespace, name, type },
        startedAt: startedAt.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
        events: events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })),
      }
    },
  )
}

/** @throws ServiceError notAcceptable */
function wantsMermaid(request: FastifyRequest, format: 'json' | 'mermaid' | undefined): boolean {
  if (format !== undefined) return format === 'mermaid'
  const [accepted] = [request.accepts().type(['application/json', mermaid])].flat()
  if (accepted) return accepted === mermaid
  throw new ServiceError('notAcceptable', `Accept is "${request.headers.accept}", a graph can be application/json or ${mermaid}.`)
}
