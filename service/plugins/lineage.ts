import fp from 'fastify-plugin'
import { Counter, Gauge } from 'prom-client'
import { Lineage } from '../lineage/lineage.ts'
import { namespaceOf } from '../lineage/names.ts'
import { readLakeId } from '../store/lake-id.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly lineage: Lineage
    /** What tables are called after in lineage. @throws ServiceError catalogUnavailable */
    readonly lineageNamespace: () => Promise<string>
  }
}

/** How often it is tried to store events that PostgreSQL did not take. */
const retryEveryMs = 1_000

/** Tells which run read and wrote what, in OpenLineage's words. */
export default fp(
  async app => {
    let known: string | undefined
    const namespace = async () => {
      known ??= namespaceOf(await readLakeId(app.store.ask))
      return known
    }
    const lost = new Counter({
      name: 'ducklake_lineage_lost_total',
      help: 'Events of the lineage that were not stored because PostgreSQL was away for too long.',
      registers: [app.metrics.registry],
    })
    let failing = false
    const lineage = new Lineage(app.store, namespace, false, {
      lost: events => lost.inc(events),
      failed(error) {
        // Once, and not every second while PostgreSQL is away.
        if (!failing) app.log.warn({ err: error }, 'the lineage was not stored')
        failing = true
      },
    })
    new Gauge({
      name: 'ducklake_lineage_buffered',
      help: 'Events of the lineage that are not stored yet.',
      registers: [app.metrics.registry],
      collect() {
        this.set(lineage.buffered)
      },
    })
    const retry = async () => {
      await lineage.flush()
      failing = lineage.buffered > 0
    }
    const timer = setInterval(retry, retryEveryMs).unref()
    app.decorate('lineage', lineage)
    app.decorate('lineageNamespace', namespace)
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await lineage.flush()
    })
  },
  { name: 'lineage', dependencies: ['store', 'metrics'] },
)
