import type { Size } from 'cdk8s'
import { SizeRoundingBehavior } from 'cdk8s'
import type { ObjectStore } from '../object-store.ts'
import { clusterName, ports } from './spark-pod.ts'

/** What one process of Spark gets. */
export interface SparkShare {
  /** Whole cores, at least 1. */
  readonly cores: number
  /** Memory of the pod. */
  readonly memory: Size
}

export interface SparkWorkers extends SparkShare {
  readonly count: number
  /** Disk of the node for what a join of theirs spills and exchanges, for each. */
  readonly scratch: Size
}

/** The worker's own process beside its executor: a heap of 512 MiB and what Java takes besides. */
export const daemonMebibytes = 768

/** How much of a Java process's memory is its heap: the rest is buffers of the network, classes and threads. */
const heapPart = 0.7

/** What any Spark needs to read published tables of this store. The key comes from the environment, `AWS_ACCESS_KEY_ID` and
 * `AWS_SECRET_ACCESS_KEY` of the process that asks: Spark hands it on to the executors. */
export function readsPublications({ url, region, tls }: Pick<ObjectStore, 'url' | 'region' | 'tls'>): Record<string, string> {
  return {
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    'spark.sql.session.timeZone': 'UTC',
    'spark.hadoop.fs.s3a.endpoint': url,
    'spark.hadoop.fs.s3a.endpoint.region': region,
    'spark.hadoop.fs.s3a.path.style.access': 'true',
    'spark.hadoop.fs.s3a.connection.ssl.enabled': `${tls}`,
    'spark.hadoop.fs.s3a.aws.credentials.provider': 'org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider',
  }
}

/** All that the Connect server is told, but for its own address. */
export function connectSettings(store: ObjectStore, connect: SparkShare, workers: SparkWorkers): Record<string, string> {
  return {
    ...readsPublications(store),
    'spark.master': `spark://${clusterName}-master-svc:${ports.master}`,
    'spark.driver.memory': `${heapMebibytes(mebibytes(connect.memory))}m`,
    'spark.driver.port': `${ports.peer}`,
    'spark.driver.blockManager.port': `${ports.blocks}`,
    'spark.blockManager.port': `${ports.blocks}`,
    // Rather not at all than at a port that the network shuts.
    'spark.port.maxRetries': '0',
    // With a full heap it would go on listening, and answer nobody.
    'spark.driver.extraJavaOptions': '-XX:+ExitOnOutOfMemoryError',
    // One executor on each worker, with all that it has.
    'spark.executor.cores': `${workers.cores}`,
    'spark.executor.memory': `${executorMebibytes(workers)}m`,
    'spark.cores.max': `${workers.count * workers.cores}`,
    // Logs are short: the fifty tasks of Delta's default take longer than what they read.
    'spark.databricks.delta.snapshotPartitions': `${workers.count}`,
    'spark.connect.grpc.binding.port': `${ports.connect}`,
    // Several callers share the executors by turns, instead of one after the other.
    'spark.scheduler.mode': 'FAIR',
    // It would show every caller's SQL to whoever reaches it.
    'spark.ui.enabled': 'false',
  }
}

export function executorMebibytes({ memory }: SparkShare): number {
  return heapMebibytes(mebibytes(memory) - daemonMebibytes)
}

export function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR })
}

/** The text of a spark-defaults.conf. */
export function propertiesText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')
}

function heapMebibytes(all: number): number {
  return Math.floor(all * heapPart)
}
