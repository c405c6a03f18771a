import fp from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { insertHistory, type PastQuery } from '../store/history.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Notes a query that ended with its request. */
    readonly noteQuery: (query: PastQuery) => void
  }
}

const flushEveryMs = 1_000

/** Queries that wait to be written down; while PostgreSQL is away the oldest are lost. */
const maxWaiting = 10_000

/** The history of queries that ended with their requests: written in bunches, because none of them should wait for it. */
export default fp<{ readonly keepDays: number }>(
  async (app, { keepDays }) => {
    let waiting: PastQuery[] = []
    const flush = async () => {
      if (waiting.length === 0) return
      const bunch = waiting
      waiting = []
      try {
        await insertHistory(app.store.ask, bunch)
      } catch (error) {
        app.log.warn({ err: error, queries: bunch.length }, 'the history was not written')
        // What PostgreSQL refuses it will refuse again.
        if (error instanceof ServiceError) waiting = [...bunch, ...waiting].slice(-maxWaiting)
      }
    }
    app.decorate('noteQuery', query => {
      if (keepDays === 0) return
      if (waiting.length >= maxWaiting) waiting.shift()
      waiting.push(query)
    })
    let flushing = Promise.resolve()
    const timer = setInterval(() => {
      flushing = flushing.then(flush)
    }, flushEveryMs).unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await flushing
      await flush()
    })
  },
  { name: 'history', dependencies: ['store'] },
)
