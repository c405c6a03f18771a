import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { readsPublications } from '../../../constructs/spark/spark-settings.ts'
import type { StorageAddress, StorageKey } from '../../../service/catalog/lake-connection.ts'
import { freePort } from '../../service/servers/free-port.ts'
import type { SparkPrograms } from './install-spark.ts'

export interface SparkAnswer {
  readonly rows: readonly (readonly (string | null)[])[]
  readonly seconds: number
  readonly executors: number
}

/** @see https://spark.apache.org/docs/latest/sql-data-sources-load-save-functions.html */
export interface SparkSource {
  readonly format: 'delta' | 'parquet'
  readonly paths: readonly string[]
}

export interface SparkCluster {
  sql(text: string): Promise<SparkAnswer>
  /** Names a Delta table, or files as they are, past every log. */
  view(name: string, source: SparkSource): Promise<void>
  /** Writes what a view shows as a Delta table of Spark's own, with such properties. */
  copy(view: string, to: string, properties: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

const className = { master: 'org.apache.spark.deploy.master.Master', worker: 'org.apache.spark.deploy.worker.Worker' }

/** Starts a master, two workers and a session on this machine's loopback, which reads S3 with a key.
 * @param own the session's own bucket, which it also writes, with that key */
export async function startSpark(
  { python, jars }: SparkPrograms,
  storage: StorageAddress,
  key: StorageKey,
  own: { readonly bucket: string; readonly key: StorageKey },
): Promise<SparkCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'spark-'))
  const home = join(python, 'pyspark')
  const port = await freePort()
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    PYTHONPATH: python,
    SPARK_HOME: home,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_NO_DAEMONIZE: '1',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  }
  const started: ChildProcess[] = []
  const start = (name: string, program: string, words: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const child = spawn(program, words, { env: { ...env, ...more }, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    child.stderr.pipe(createWriteStream(join(folder, `${name}.log`)))
    started.push(child)
    return child
  }
  const sparkClass = join(home, 'bin', 'spark-class')
  const master = `spark://127.0.0.1:${port}`
  start('master', sparkClass, [className.master, '--host', '127.0.0.1', '--port', `${port}`, '--webui-port', '0'])
  for (const number of [1, 2]) {
    const work = join(folder, `worker-${number}`)
    mkdirSync(work)
    const limits = ['--cores', '1', '--memory', '2g', '--webui-port', '0', '--work-dir', work]
    start(`worker-${number}`, sparkClass, [className.worker, '--host', '127.0.0.1', ...limits, master])
  }
  const settings = {
    'spark.master': master,
    'spark.cores.max': '2',
    'spark.executor.memory': '1500m',
    'spark.driver.memory': '1500m',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.scheduler.minRegisteredResourcesRatio': '1.0',
    'spark.scheduler.maxRegisteredResourcesWaitingTime': '300s',
    'spark.sql.shuffle.partitions': '4',
    'spark.jars': readdirSync(jars)
      .map(name => join(jars, name))
      .join(','),
    'spark.databricks.delta.snapshotPartitions': '2',
    // As on a cluster, the key too: it is in the environment of the session alone.
    ...readsPublications({ ...storage, url: `http${storage.tls ? 's' : ''}://${storage.endpoint}` }),
    [`spark.hadoop.fs.s3a.bucket.${own.bucket}.access.key`]: own.key.keyId,
    [`spark.hadoop.fs.s3a.bucket.${own.bucket}.secret.key`]: own.key.secret,
  }
  const session = start('session', 'python3', [join(import.meta.dirname, 'spark_sql.py'), JSON.stringify(settings)], {
    AWS_ACCESS_KEY_ID: key.keyId,
    AWS_SECRET_ACCESS_KEY: key.secret,
  })
  const lines = createInterface({ input: session.stdout })[Symbol.asyncIterator]()
  const ask = async (question: object): Promise<SparkAnswer> => {
    session.stdin.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error(`Spark has ended: ${folder}/session.log says why`)
    const answer = JSON.parse(value)
    if ('error' in answer) throw new Error(`Spark says of ${JSON.stringify(question).slice(0, 300)}: ${answer.error}`)
    return answer
  }
  return {
    sql: sql => ask({ sql }),
    view: async (view, source) => {
      await ask({ view, ...source })
    },
    copy: async (copy, to, properties) => {
      await ask({ copy, to, properties })
    },
    async stop() {
      session.stdin.end()
      await Promise.race([once(session, 'exit'), sleep(20_000)])
      for (const child of started.reverse()) if (child.pid !== undefined && child.exitCode === null) kill(child.pid)
      await sleep(500)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

/** With what it started: spark-class is a script. */
function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
