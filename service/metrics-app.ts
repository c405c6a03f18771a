import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** `/metrics` on a port of its own: what it says is for the people who run the service. */
export function buildMetricsApp(registry: Registry): FastifyInstance {
  const app = fastify()
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
  return app
}
