import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { drainTimeoutMs } from '../settings.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly drain: Drain
  }
}

export interface Drain {
  readonly begun: boolean
  /** Says to load balancers that they should send no more, and goes on answering until they have noticed. */
  begin(delayMs: number): Promise<void>
}

/** Leaving without dropping anybody: not ready any more, connections closed after their answers, the rest cut at the end of the grace. */
export default fp(
  async app => {
    let begun = false
    app.decorate('drain', {
      get begun() {
        return begun
      },
      async begin(delayMs: number) {
        begun = true
        await sleep(delayMs)
      },
    })
    app.addHook('onSend', async (_request, reply) => {
      if (begun) reply.header('connection', 'close')
    })
    app.addHook('preClose', async () => {
      begun = true
      setTimeout(() => app.server.closeAllConnections(), drainTimeoutMs).unref()
    })
  },
  { name: 'drain' },
)
