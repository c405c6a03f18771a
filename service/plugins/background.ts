import fp from 'fastify-plugin'
import { type BackgroundLimits, BackgroundQueries, signEveryMs } from '../background/background-queries.ts'
import { FolderResults, type KeptResults } from '../background/kept-results.ts'
import { type Retention, sweepFolder, sweepResults } from '../background/sweep-results.ts'
import type { ResultPlace } from '../catalog/lake-connection.ts'
import { noteRead } from '../lineage/note-read.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly background: BackgroundQueries
    readonly keptResults: KeptResults
  }
}

/** How often it is looked for queries of processes that have ended. */
const endLostEveryMs = 10_000

/** How often results are removed whose time is over. */
const sweepEveryMs = 60_000

interface BackgroundOptions {
  readonly resultDir: string
  readonly place: ResultPlace
  readonly limits: BackgroundLimits
  readonly retention: Retention
}

/** Queries that go on after their request, and their results. */
export default fp<BackgroundOptions>(
  async (app, { resultDir, place, limits, retention }) => {
    const results = await openResults(resultDir, place)
    const failed = (error: unknown) => app.log.warn({ err: error }, 'background queries')
    const background = new BackgroundQueries(app.engines, app.store, results, limits, {
      ended({ query, text, owner, submittedAt }, ended) {
        const { state, error, rowCount } = ended
        const outcome = error?.code ?? 'ok'
        app.metrics.backgroundQueries.inc({ outcome })
        app.log.info({ query_id: query.id, key_id: owner.id, outcome, state, rows: rowCount }, 'background query')
        if (text.tellTables) noteRead(app.lineage, { sql: query.sql, requestId: query.id, keyId: query.keyId, submittedAt }, ended)
      },
      failed,
    })
    app.decorate('background', background)
    app.decorate('keptResults', results)
    const sweep = async () => {
      await sweepResults(app.store, results, retention)
      await sweepFolder(resultDir, retention)
    }
    const timers = [
      setInterval(() => background.sign().catch(failed), signEveryMs),
      setInterval(() => background.endLost().catch(failed), endLostEveryMs),
      setInterval(() => sweep().catch(failed), sweepEveryMs),
    ]
    for (const timer of timers) timer.unref()
    app.addHook('preClose', async () => {
      for (const timer of timers) clearInterval(timer)
      await background.close()
    })
  },
  { name: 'background', dependencies: ['engines', 'store', 'metrics', 'lineage'] },
)

/** The client of the object store takes 20 MB: a lake on this machine does without. */
async function openResults(folder: string, place: ResultPlace): Promise<KeptResults> {
  if (place.kind === 'folder') return new FolderResults(folder)
  const [{ BucketResults }, { connectS3 }] = await Promise.all([
    import('../background/bucket-results.ts'),
    import('../storage/connect-s3.ts'),
  ])
  return new BucketResults(folder, connectS3(place), place)
}
