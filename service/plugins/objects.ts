import fp from 'fastify-plugin'
import type { ResultPlace } from '../catalog/lake-connection.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { openObjects } from '../objects/open-objects.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly objects: ObjectStore
  }
}

/** How often it is tried again to remove what failed uploads have left. */
const sweepEveryMs = 60_000

/** The raw datasets. @param folder where they lie if there is no bucket for them; never within the lake's files, where DuckLake would delete
 * them */
export default fp<{ readonly place: ResultPlace; readonly folder: string }>(
  async (app, { place, folder }) => {
    const objects = await openObjects(place, folder)
    app.decorate('objects', objects)
    const timer = setInterval(() => objects.sweep().catch((error: unknown) => app.log.warn({ err: error }, 'objects')), sweepEveryMs)
    timer.unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      objects.close()
    })
  },
  { name: 'objects' },
)
