import type { FastifyInstance } from 'fastify'
import type { Lake } from '../app.ts'
import { probeCatalog } from '../catalog/probe-catalog.ts'
import { ServiceError } from '../errors.ts'
import { probeStorage } from '../storage/probe-storage.ts'

/** `/livez`: the process answers. `/readyz`: a statement would find an engine, the catalog and the files. */
export async function healthRoutes(app: FastifyInstance, { lake }: { readonly lake: Pick<Lake, 'reader'> }): Promise<void> {
  app.get('/livez', { schema: { tags: ['health'], summary: 'The process answers', security: [] } }, async () => ({ status: 'ok' }))

  app.get(
    '/readyz',
    { schema: { tags: ['health'], summary: 'A query would find an engine, the catalog and the files', security: [] } },
    async () => {
      if (app.drain.begun) throw new ServiceError('engineNotReady', 'The service is stopping.')
      await Promise.all([probeCatalog(lake.reader), probeStorage(lake.reader)])
      await app.engines.ping()
      return { status: 'ok' }
    },
  )
}
