import fp from 'fastify-plugin'
import { ServiceError } from '../errors.ts'
import { RunningStatements } from '../running/running-statements.ts'
import { insertHistory, type PastQuery } from '../store/history.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Notes a query that ended with its request. */
    readonly noteQuery: (query: PastQuery) => void
    /** Those that have not ended yet. */
    readonly running: RunningStatements
  }
}

const flushEveryMs = 1_000

/** Queries that wait to be written down; while PostgreSQL is away the oldest are lost. */
const maxWaiting = 10_000

/** Queries that end with their requests, while they last and as the history has them: written in bunches, because none of them should wait
 * for it. */
export default fp<{ readonly keepDays: number }>(
  async (app, { keepDays }) => {
    let waiting: PastQuery[] = []
    const flush = async () => {
      if (waiting.length === 0) return
      // The last word of a write that was done again.
      const bunch = [...new Map(waiting.map(query => [query.id, query])).values()]
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
    const running = new RunningStatements(app.store)
    app.decorate('running', running)
    const failed = (error: unknown) => app.log.warn({ err: error }, 'the list of what runs was not written')
    // One after the other: what ended while it was listed is noted as ended later than that.
    const write = async () => {
      await running.sign().catch(failed)
      await running.tidy(flush).catch(failed)
    }
    let writing = Promise.resolve()
    const timer = setInterval(() => {
      writing = writing.then(write)
    }, flushEveryMs).unref()
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await writing
      await running.tidy(flush).catch(failed)
    })
  },
  { name: 'history', dependencies: ['store'] },
)
