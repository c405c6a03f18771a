import fp from 'fastify-plugin'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { EnginePool } from '../engine-pool/engine-pool.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'
import type { PoolLimits } from '../engine-pool/pool-limits.ts'
import { TableLocks } from '../writes/table-lock.ts'
import { gaugePool, observeEngines } from './count-engines.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly writers: EnginePool
    readonly tableLocks: TableLocks
    /** What the gateway's lasting connection is called in PostgreSQL: this process lives at least as long as it is there. */
    readonly session: string
    /** What those of its writing engines are called, before a number. */
    readonly writerSession: string
  }
}

interface WritersOptions {
  readonly engine: Omit<EngineOptions, 'spillDir'>
  readonly limits: PoolLimits
  readonly login: CatalogLogin
  readonly session: string
}

/** The engines that write, and the locks that keep writes of one table apart. They start after those that read: nobody waits for them. */
export default fp<WritersOptions>(
  async (app, { engine, limits, login, session }) => {
    const pool = new EnginePool({ ...engine, spillDir: app.spillDir }, limits, observeEngines(app, engine.engineClass))
    gaugePool(app, pool, [
      ['ducklake_write_queue_depth', 'Writes that wait for an engine.', ({ queued }) => queued],
      ['ducklake_running_writes', 'Writes that an engine works on.', ({ running }) => running],
      ['ducklake_write_engines', 'Engines for writes that are ready or at work.', ({ engines }) => engines],
      ['ducklake_write_engine_rss_bytes', 'Memory of all engines for writes after their last ones.', ({ rssMb }) => rssMb * 1_048_576],
    ])
    const locks = new TableLocks(login, session)
    app.decorate('writers', pool)
    app.decorate('tableLocks', locks)
    app.decorate('session', session)
    app.decorate('writerSession', engine.session)
    app.addHook('preClose', () => pool.close())
    app.addHook('onClose', () => locks.close())
    // After this plugin: the service is ready when its readers are.
    app.addHook('onReady', async () => {
      app.engines.full.then(() => pool.open())
    })
  },
  { name: 'writers', dependencies: ['engines', 'metrics', 'spill'] },
)
