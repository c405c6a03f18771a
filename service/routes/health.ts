import type { FastifyInstance } from 'fastify'
import { ServiceError } from '../errors.ts'

/** `/livez`: the process answers. `/readyz`: a statement would find an engine and the catalog. */
export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.get('/livez', async () => ({ status: 'ok' }))

  app.get('/readyz', async () => {
    if (app.drain.begun) throw new ServiceError('engineNotReady', 'The service is stopping.')
    await app.engines.ping()
    return { status: 'ok' }
  })
}
