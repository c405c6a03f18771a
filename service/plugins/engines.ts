import type { ChildProcess } from 'node:child_process'
import fp from 'fastify-plugin'
import { EnginePool } from '../engine-pool/engine-pool.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'
import type { PoolLimits } from '../engine-pool/pool-limits.ts'
import { gaugePool, observeEngines } from './count-engines.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly engines: EnginePool
  }
}

interface EnginesOptions {
  readonly engine: Omit<EngineOptions, 'spillDir'>
  readonly limits: PoolLimits
  /** The first one's process, where it was started before. */
  readonly early?: ChildProcess | undefined
}

/** The engines that read: started before the first request, ended after the last. */
export default fp<EnginesOptions>(
  async (app, { engine, limits, early }) => {
    const pool = new EnginePool({ ...engine, spillDir: app.spillDir }, limits, observeEngines(app, engine.engineClass))
    gaugePool(app, pool, [
      ['ducklake_queue_depth', 'Statements that wait for an engine.', ({ queued }) => queued],
      ['ducklake_running_statements', 'Statements that an engine works on.', ({ running }) => running],
      ['ducklake_engines', 'Engines that are ready or at work.', ({ engines }) => engines],
      ['ducklake_engine_rss_bytes', 'Memory of all engines after their last statements.', ({ rssMb }) => rssMb * 1_048_576],
    ])
    app.decorate('engines', pool)
    // Before the server waits for its open requests: they wait for the engines.
    app.addHook('preClose', () => pool.close())
    await pool.open(early)
  },
  { name: 'engines', dependencies: ['metrics', 'spill'] },
)
