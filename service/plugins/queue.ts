import fp from 'fastify-plugin'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { IngestQueue, type QueueLimits } from '../queue/ingest-queue.ts'
import { QueueDrainer } from '../queue/queue-drainer.ts'
import { countQueues } from '../queue/queue-metrics.ts'
import { TableColumns } from '../queue/table-columns.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly queue: IngestQueue
    readonly queueTables: TableColumns
  }
}

interface QueueOptions {
  readonly limits: QueueLimits
  readonly login: CatalogLogin
  /** Whether this process may write into tables. */
  readonly drains: boolean
}

/** The ingest queue: rows that wait in PGMQ, and what takes them to their tables. */
export default fp<QueueOptions>(
  async (app, { limits, login, drains }) => {
    const queue = new IngestQueue(app.store, limits)
    const tables = new TableColumns(app.engines)
    app.decorate('queue', queue)
    app.decorate('queueTables', tables)
    const counted = countQueues(app.metrics.registry, app.store)
    const drainer = new QueueDrainer(
      login,
      {
        store: app.store,
        engines: app.engines,
        writers: app.writers,
        tableLocks: app.tableLocks,
        lineage: app.lineage,
        tables,
        spoolFolder: app.spool.folder,
        gateway: app.session,
        batchMessages: () => app.lakeSettings.get('queue.batchMessages'),
        maxTries: () => app.lakeSettings.get('queue.maxTries'),
        leaving: () => app.drain.begun,
      },
      {
        drained: (table, messages) => counted.drained.inc({ table }, messages),
        putAside(table, messages) {
          counted.putAside.inc({ table }, messages)
          app.log.warn({ table, messages }, 'messages of the queue were put aside')
        },
        blocked: (table, { code, detail }) => app.log.warn({ table, code, detail }, 'the queue is not drained'),
        failed: error => app.log.warn({ err: error }, 'the queues were not looked at'),
      },
    )
    if (!drains) return
    app.addHook('onReady', async () => drainer.open())
    app.addHook('preClose', () => drainer.close())
  },
  { name: 'queue', dependencies: ['drain', 'engines', 'writers', 'store', 'metrics', 'lake-settings', 'lineage', 'spool'] },
)
