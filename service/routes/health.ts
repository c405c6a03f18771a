import type { FastifyInstance } from 'fastify'

/** `/livez`: the process answers. `/readyz`: a statement would find an engine and the catalog. */
export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/livez', async () => ({ status: 'ok' }))

  app.get('/readyz', async () => {
    await app.engines.ready()
    return { status: 'ok' }
  })
}
