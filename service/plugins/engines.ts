import fp from 'fastify-plugin'
import { EnginePool } from '../engine-pool/engine-pool.ts'
import type { EngineOptions } from '../engine-pool/engine-process.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly engines: EnginePool
  }
}

/** The engines: started before the first request, killed after the last. */
export default fp<EngineOptions & { readonly engines: number; readonly queueMax: number }>(
  async (app, options) => {
    const pool = new EnginePool(options, error => app.log.warn({ err: error }, 'engine'))
    app.decorate('engines', pool)
    // Before the server waits for its open requests: they wait for the engines.
    app.addHook('preClose', () => pool.close())
    await pool.open()
  },
  { name: 'engines' },
)
