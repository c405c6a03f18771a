import fp from 'fastify-plugin'
import { Gauge } from 'prom-client'
import { EnginePool, type PoolLimits } from '../engine-pool/engine-pool.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'
import { ownSpillFolder, removeSpillFolder } from '../engine-pool/spill-folder.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly engines: EnginePool
  }
}

/** The engines: started before the first request, ended after the last. */
export default fp<{ readonly engine: EngineOptions; readonly limits: PoolLimits }>(
  async (app, { engine, limits }) => {
    const { registry, engineStarts, engineEnds, engineStartFailures } = app.metrics
    const spillDir = ownSpillFolder(engine.spillDir)
    const pool = new EnginePool({ ...engine, spillDir }, limits, {
      started(startMs) {
        engineStarts.inc()
        app.log.info({ duration_ms: Math.round(startMs) }, 'an engine is ready')
      },
      ended(how) {
        engineEnds.inc({ how })
        app.log[how === 'recycled' ? 'info' : 'warn']({ how }, 'an engine ended and is being replaced')
      },
      failed(error) {
        engineStartFailures.inc()
        app.log.warn({ err: error }, 'an engine did not start')
      },
    })
    const gauge = (name: string, help: string, value: () => number) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(value())
        },
      })
    gauge('ducklake_queue_depth', 'Statements that wait for an engine.', () => pool.queued)
    gauge('ducklake_running_statements', 'Statements that an engine works on.', () => pool.running)
    gauge('ducklake_engines', 'Engines that are ready or at work.', () => pool.engines)
    gauge('ducklake_engine_rss_bytes', 'Memory of all engines after their last statements.', () => pool.rssMb * 1_048_576)
    app.decorate('engines', pool)
    // Before the server waits for its open requests: they wait for the engines.
    app.addHook('preClose', async () => {
      await pool.close()
      removeSpillFolder(spillDir)
    })
    await pool.open()
  },
  { name: 'engines', dependencies: ['metrics'] },
)
