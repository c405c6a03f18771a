import fp from 'fastify-plugin'
import { EnginePool, type PoolLimits } from '../engine-pool/engine-pool.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly engines: EnginePool
  }
}

/** The engines: started before the first request, ended after the last. */
export default fp<{ readonly engine: EngineOptions; readonly limits: PoolLimits }>(
  async (app, { engine, limits }) => {
    const pool = new EnginePool(engine, limits, {
      started: startMs => app.log.info({ duration_ms: Math.round(startMs) }, 'an engine is ready'),
      ended: how => app.log[how === 'recycled' ? 'info' : 'warn']({ how }, 'an engine ended and is being replaced'),
      failed: error => app.log.warn({ err: error }, 'an engine did not start'),
    })
    app.decorate('engines', pool)
    // Before the server waits for its open requests: they wait for the engines.
    app.addHook('preClose', () => pool.close())
    await pool.open()
  },
  { name: 'engines' },
)
