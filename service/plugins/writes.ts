import fp from 'fastify-plugin'
import { Counter, Histogram } from 'prom-client'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { forgetOldWrites } from '../store/writes.ts'
import { Idempotency } from '../writes/idempotency.ts'
import { Statements } from '../writes/statements.ts'
import { type WriteObserver, Writes } from '../writes/writes.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly writes: Writes
    readonly statements: Statements
    readonly idempotency: Idempotency
  }
}

/** How often answers are stored that PostgreSQL was away for, and how often old ones are forgotten. */
const storeEveryMs = 1_000
const forgetEveryMs = 3_600_000

/** Rows on their way into tables, and statements that change the lake. @param catalog as a role that may read the catalog */
export default fp<{ readonly catalog: CatalogLogin; readonly keepHours: number }>(
  async (app, { catalog, keepHours }) => {
    const registers = [app.metrics.registry]
    const count = new Counter({
      name: 'ducklake_writes_total',
      help: 'Writes that ended, by mode or kind of statement, and outcome (ok, or the error code).',
      labelNames: ['mode', 'outcome'],
      registers,
    })
    const groupMembers = new Histogram({
      name: 'ducklake_append_group_members',
      help: 'Appends that went into one commit.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    })
    const retries = new Counter({
      name: 'ducklake_write_retries_total',
      help: 'Further attempts of writes, by the error code of the one before.',
      labelNames: ['reason'],
      registers,
    })
    const observer: WriteObserver = {
      ended: (mode, outcome) => count.inc({ mode, outcome }),
      grouped: members => groupMembers.observe(members),
      retried: reason => retries.inc({ reason }),
    }
    const writes = new Writes(app.writers, app.tableLocks, catalog, app.lineage, observer)
    const self = { process: app.session, engines: `${app.writerSession}-%` }
    const idempotency = new Idempotency(app.store, catalog, self, () => app.tableLocks.open())
    app.decorate('writes', writes)
    app.decorate('statements', new Statements(app.writers, app.tableLocks, catalog, app.lineage, observer))
    app.decorate('idempotency', idempotency)
    const failed = (error: unknown) => app.log.warn({ err: error }, 'answers of writes')
    const timers = [
      // It is tried again: while PostgreSQL is away there is nothing to say.
      setInterval(() => idempotency.storeLate().catch(() => {}), storeEveryMs),
      setInterval(() => forgetOldWrites(app.store.ask, keepHours).catch(failed), forgetEveryMs),
    ]
    for (const timer of timers) timer.unref()
    app.addHook('onClose', async () => {
      for (const timer of timers) clearInterval(timer)
    })
  },
  { name: 'writes', dependencies: ['writers', 'store', 'lineage', 'metrics'] },
)
