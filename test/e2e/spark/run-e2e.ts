import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { lakePrefixes } from '../../../constructs/object-store.ts'
import { connectS3 } from '../../../service/storage/connect-s3.ts'
import { callService } from '../../service/call-service.ts'
import { removeLake, temporaryFolder } from '../../service/run-service.ts'
import { connectionsOf, startExternalServers } from '../../service/servers/external-lake.ts'
import { startOn, stopService } from '../../service/start-service.ts'
import { Report } from '../logging/report.ts'
import { compareLogs } from './compare-logs.ts'
import { difference } from './compare-rows.ts'
import { installSpark } from './install-spark.ts'
import { type SparkCluster, startSpark } from './spark-cluster.ts'
import { openTpch, questions, rowsOf, tables } from './tpch.ts'

// Reads a published lake with a real Spark: TPC-H on a master and two workers, from a real MinIO, after inserts, deletes, an update, a rename, an
// added column and a compaction. `npm run e2e:spark`; SCALE=0.1 has a tenth of the data.

const scale = Number(process.env.SCALE ?? 1)
const report = new Report()
const programs = installSpark()
// Where a deployed lake has them: the key that Spark reads with is held to these two.
const servers = await startExternalServers({
  S3_DATA_PATH: `s3://lake/${lakePrefixes.tables}`,
  S3_PUBLISH_PATH: `s3://lake/${lakePrefixes.published}`,
})
// For the tables that Spark writes itself, to compare with.
const own = { bucket: 'own', key: servers.minio.root }
const [lakeDir, folder] = [temporaryFolder(), temporaryFolder()]
const service = await startOn(
  {
    LAKE_DIR: lakeDir,
    ...servers.environment,
    QUERY_TIMEOUT_MS: '600000',
    QUERY_MAX_ROWS: '100000',
    ENGINE_MEMORY_MB: '3000',
    ENGINE_DATA_LIMIT_MB: '6000',
  },
  lakeDir,
)
let spark: SparkCluster | undefined
try {
  await makeBucket(own)
  spark = await startSpark(programs, servers.minio.storage, servers.minio.keys.publications, own)
  await check(spark)
} finally {
  await spark?.stop()
  await stopService(service)
  removeLake(folder)
  await servers.remove()
}
report.end()
process.exit(report.failures > 0 ? 1 : 0)

async function check(spark: SparkCluster): Promise<void> {
  const call = callService(service)
  const must = async (method: string, path: string, body?: object, headers = {}) => {
    const answer = await call(method, path, body, undefined, headers)
    if (answer.status >= 300) throw new Error(`${method} ${path} answers ${answer.status}: ${answer.text}`)
    return answer.body
  }
  const write = (sql: string) => must('POST', '/v1/statements', { sql })
  const maintain = (task: string, table: string, more = {}) =>
    must('POST', `/v1/maintenance/${task}`, { table: { schema: 'main', table }, ...more }, { prefer: 'wait=60' })
  const inLake = async (sql: string, version?: string) => {
    const asOf = version === undefined ? {} : { asOf: { version } }
    const { rows } = await must('POST', '/v1/query', { sql, maxRows: 100_000, timeoutMs: 600_000, ...asOf })
    return rows.map((row: unknown[]) => row.map(value => (value === null ? null : String(value))))
  }
  await must('PUT', '/v1/settings/publish.everySeconds', { value: 0 })

  const tpch = await openTpch(folder, connectionsOf(servers.environment).writer, scale)
  // Three quarters first; the rest comes later, in commits of its own.
  const grown = { lineitem: 'l_orderkey', orders: 'o_orderkey' } as const
  for (const table of tables) {
    const key = table === 'lineitem' || table === 'orders' ? grown[table] : undefined
    await tpch.run(`CREATE TABLE lake.main.${table} AS FROM memory.main.${table} ${key ? `WHERE ${key} % 8 < 6` : ''}`)
  }
  const locations = new Map<string, string>()
  let logBytes = 0
  const publish = async (...names: readonly string[]) => {
    for (const table of names) {
      const answer = await must('POST', `/v1/tables/main/${table}/publication`, {})
      locations.set(table, answer.location)
      logBytes += answer.bytes
    }
  }
  await publish(...tables)
  for (const rest of [6, 7])
    for (const [table, key] of Object.entries(grown))
      await tpch.run(`INSERT INTO lake.main.${table} FROM memory.main.${table} WHERE ${key} % 8 = ${rest}`)
  await publish('lineitem', 'orders')
  await write('DELETE FROM lineitem WHERE l_orderkey % 997 = 0')
  await write('DELETE FROM orders WHERE o_orderkey % 997 = 0')
  await publish('lineitem', 'orders')
  await write('UPDATE lineitem SET l_discount = 0.10 WHERE l_orderkey % 499 = 1')
  await write('ALTER TABLE lineitem RENAME COLUMN l_comment TO l_remark')
  await write('ALTER TABLE lineitem ADD COLUMN l_note VARCHAR')
  await write(`INSERT INTO lineitem SELECT * REPLACE ('noted' AS l_note) FROM lineitem WHERE l_orderkey % 5000 = 1`)
  await publish('lineitem')

  for (const table of tables) await spark.sql(`CREATE OR REPLACE TEMP VIEW ${table} AS SELECT * FROM delta.\`${locations.get(table)}\``)
  const asked = await questions(tpch)
  const compareAll = async (when: string) => {
    for (const [index, sql] of asked.entries()) {
      const { rows } = await spark.sql(sql)
      const found = difference(await inLake(sql), rows)
      report.check(found === '', `question ${index + 1} has the lake’s answer ${when}`, found || `${rows.length} rows`)
    }
  }
  const columns = 'SELECT count(*), count(l_note), count(DISTINCT l_remark), min(l_remark), sum(l_quantity) FROM lineitem'
  const compareColumns = async (when: string) => {
    const { rows, executors } = await spark.sql(columns)
    const found = difference(await inLake(columns), rows)
    report.check(found === '', `renamed and added columns are the lake’s ${when}`, found)
    report.check(executors === 2, 'two executors answer')
  }
  await compareColumns('with deleted rows')
  await compareAll('with deleted rows')
  await maintain('rewrite-deletes', 'lineitem', { deletedPercent: 1 })
  await maintain('compact', 'lineitem')
  await maintain('compact', 'orders')
  await publish('lineitem', 'orders')
  await compareColumns('after compaction')
  await compareAll('after compaction')

  for (const table of ['lineitem', 'orders']) {
    const { versions } = await must('GET', `/v1/tables/main/${table}/publication`)
    const sums = table === 'lineitem' ? 'sum(l_orderkey), sum(l_discount)' : 'sum(o_orderkey), sum(o_totalprice)'
    for (const { version, snapshotId } of versions) {
      const { rows } = await spark.sql(`SELECT count(*), ${sums} FROM delta.\`${locations.get(table)}\` VERSION AS OF ${version}`)
      const found = difference(await inLake(`SELECT count(*), ${sums} FROM ${table}`, snapshotId), rows)
      report.check(found === '', `${table} at version ${version} is as the lake was at ${snapshotId}`, found)
    }
  }

  const files = await rowsOf(
    tpch,
    `SELECT sum(file_size_bytes), count(*) FROM __ducklake_metadata_lake.ducklake_data_file WHERE end_snapshot IS NULL`,
  )
  const [bytes = 0, count = 0] = files[0]?.map(Number) ?? []
  report.check(logBytes < bytes / 100, `logs are at most 1 % of the data`, `${logBytes} bytes for ${bytes} in ${count} files`)
  const listed = (table: string) => rowsOf(tpch, `SELECT data_file FROM ducklake_list_files('lake', '${table}')`)
  await compareLogs(spark, report, asked, {
    locations,
    files: async table => (await listed(table)).map(([file]) => String(file).replace(/^s3:/, 's3a:')),
    own: `s3a://${own.bucket}`,
    // Of lineitem the files with deleted rows were written anew.
    deleted: new Map([
      ['lineitem', undefined],
      ['orders', 'o_orderkey % 997 = 0'],
    ]),
  })
  tpch.closeSync()
}

async function makeBucket({ bucket, key }: typeof own): Promise<void> {
  const client = connectS3({ ...servers.minio.storage, ...key })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
}
