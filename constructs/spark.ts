import { External } from './external.ts'
import type { SecretMaker } from './generated-secret.ts'
import { HelmValues } from './helm-values.ts'
import type { LakeApp } from './lake-app.ts'
import { ManifestFile } from './manifest-file.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { ObjectStore } from './object-store.ts'
import { SecretCopy } from './secret-copy.ts'
import { SparkCluster } from './spark/spark-cluster.ts'
import { SparkConnect } from './spark/spark-connect.ts'
import { assertShares } from './spark/spark-limits.ts'
import { SparkNetwork } from './spark/spark-network.ts'
import { operatorPods, sparkOperatorChart, sparkOperatorValues, sparkResources } from './spark/spark-operator-values.ts'
import { ports, sparkPods } from './spark/spark-pod.ts'
import type { SparkShare, SparkWorkers } from './spark/spark-settings.ts'

export interface SparkProps {
  /** @default spark */
  readonly namespace?: string
  /** Spark with the jars of Delta and of S3 in `/opt/spark/jars`, `registry/name:tag`. Nobody publishes one, and the pods may fetch none
   * themselves: docs/beyond-one-machine.md has the four lines that make it. */
  readonly image: string
  /** Where the tables and their logs lie; its network must let Spark's pods in, which are `sparkPods` of the namespace. */
  readonly objectStore: ObjectStore
  /** Who copies the key of the store to where Spark reads it. */
  readonly secrets: SecretMaker
  /** The server that callers connect to, which plans and collects: at least 2 GiB, and more for large answers. */
  readonly connect: SparkShare
  /** Who does the work; at least 3 GiB each. */
  readonly workers: SparkWorkers
  /** Who may ask. A caller needs no key: it may read the files of every table, published or not, and run code in Spark's pods. Everybody else is
   * refused by the network.
   * @default [] */
  readonly clients?: readonly NetworkPeer[]
}

/** Spark on the lake's own files: Apache's operator by its chart, a cluster that it makes, and a Spark Connect server. Its key reads the files of
 * all tables and their logs, and writes nothing. */
export class Spark extends ManifestFile {
  /** `sc://host:port`, what `SparkSession.builder.remote(…)` wants to know. */
  readonly url: string
  /** Its pods, for the policies of what they connect to. */
  readonly pods: NetworkPeer
  /** The chart that belongs to `dist/<environment>/spark.k8s.yaml`. */
  readonly charts: readonly HelmValues[]
  /** The definitions that the chart brings. */
  readonly customResources = sparkResources

  constructor(app: LakeApp, props: SparkProps) {
    const namespace = app.namespaces.add(props.namespace ?? 'spark')
    super(app, 'spark', { namespace })
    assertShares(this, props)
    this.url = `sc://spark-connect.${namespace}.svc.cluster.local:${ports.connect}`
    this.pods = { namespace, podLabels: sparkPods }
    const values = new HelmValues(this, 'operator', {
      chart: sparkOperatorChart,
      release: 'spark-operator',
      namespace,
      values: sparkOperatorValues(namespace),
    })
    this.charts = [values]
    new External(this, 'operator-pod', { kind: 'Pod', namespace, labels: operatorPods, madeBy: 'the chart spark-kubernetes-operator' })

    const { accessKey, secretKey } = props.objectStore.credentials.publicationReader
    const copy = new SecretCopy(this, 'object-store', {
      name: accessKey.secret,
      from: accessKey.namespace,
      namespace,
      keys: [accessKey.key, secretKey.key],
      madeBy: props.secrets,
    })
    new SparkCluster(this, { ...props, namespace })
    new SparkConnect(this, { ...props, credentials: { accessKey: copy.key(accessKey.key), secretKey: copy.key(secretKey.key) } })
    new SparkNetwork(this, { ...props, clients: props.clients ?? [] })
  }
}
