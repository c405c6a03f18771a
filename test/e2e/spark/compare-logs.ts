import type { Report } from '../logging/report.ts'
import type { SparkCluster } from './spark-cluster.ts'
import { tables } from './tpch.ts'

export interface Published {
  readonly locations: ReadonlyMap<string, string>
  /** The files of a table, as Spark names them. */
  files(table: string): Promise<readonly string[]>
  /** A place for Spark's own tables. */
  readonly own: string
  /** Tables of which rows were deleted, and what is still in their files. */
  readonly deleted: ReadonlyMap<string, string | undefined>
}

/** How old what a reader sees may be: it lists each log again otherwise, for each table of each question. */
const staleness = 'spark.databricks.delta.stalenessLimit'

/** What the log of a published table costs Spark, beside what one of its own costs: the same questions of the lake's files and of Spark's copies,
 * in which the same rows are deleted the same way, each with their log and past it, in turns. Of each question the quickest time counts. */
export async function compareLogs(spark: SparkCluster, report: Report, asked: readonly string[], published: Published): Promise<void> {
  const copyOf = (table: string) => `${published.own}/${table}`
  const lakes = async (table: string) => ({ format: 'delta', paths: [published.locations.get(table) ?? ''] }) as const
  const ways = {
    files: async (table: string) => ({ format: 'parquet', paths: await published.files(table) }) as const,
    published: lakes,
    'published, listed each time': lakes,
    'own files': async (table: string) => ({ format: 'parquet', paths: [`${copyOf(table)}/*.parquet`] }) as const,
    own: async (table: string) => ({ format: 'delta', paths: [copyOf(table)] }) as const,
  }
  const name = async (way: keyof typeof ways) => {
    for (const table of tables) await spark.view(table, await ways[way](table))
  }
  await name('files')
  for (const table of tables) {
    // Delta's Spark looks for deletion vectors in each scan of a table that may have some.
    await spark.copy(table, copyOf(table), { 'delta.enableDeletionVectors': `${published.deleted.has(table)}` })
    const rows = published.deleted.get(table)
    if (rows !== undefined) await spark.sql(`DELETE FROM delta.\`${copyOf(table)}\` WHERE ${rows}`)
  }

  const quickest = new Map<string, number>()
  const round = ['files', 'published', 'own', 'own files', 'published, listed each time'] as const
  for (const way of [...round, ...[...round].reverse()]) {
    await name(way)
    await spark.sql(`SET ${staleness} = ${way.endsWith('each time') ? '0' : '1h'}`)
    for (const [index, sql] of asked.entries()) {
      const question = `${way} ${index}`
      quickest.set(question, Math.min(quickest.get(question) ?? Number.POSITIVE_INFINITY, (await spark.sql(sql)).seconds))
    }
  }
  const seconds = (way: keyof typeof ways) => asked.reduce((sum, _, index) => sum + (quickest.get(`${way} ${index}`) ?? 0), 0)
  for (const way of round) console.log(`      ${way}: ${seconds(way).toFixed(1)} s`)
  const [lake, own] = [seconds('published') / seconds('files'), seconds('own') / seconds('own files')]
  report.check(
    lake <= 1.1 * own,
    'the logs cost the 22 questions as much as Spark’s own do',
    `${lake.toFixed(2)} times the time without, and ${own.toFixed(2)} times`,
  )
}
