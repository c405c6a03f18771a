import { Duration, Size } from 'cdk8s'
import { type Cpu, k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { contentHash, yamlText } from './config-file.ts'
import { labels, selectorLabels } from './labels.ts'
import { configureLoki, ports, type StreamRetention } from './loki/configure-loki.ts'
import { lokiContainer } from './loki/loki-container.ts'
import { generations, type LokiGeneration } from './loki/loki-generation.ts'
import { assertMemory, assertRetention, assertStreams, assertVolume } from './loki/loki-limits.ts'
import { LokiNetwork, type LokiNetworkProps } from './loki/loki-network.ts'
import { assertPeriods, firstPeriod, type SchemaPeriod } from './loki/loki-schema.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { ObjectStore, StoreCredentials } from './object-store.ts'
import { quantities } from './quantities.ts'
import { podSecurity } from './security-context.ts'

export interface Volume {
  /** At least 1 GiB. */
  readonly size: Size
  /** @default - the cluster's default class */
  readonly storageClass?: string
}

/** Where the lines lie in the end, and what a lost volume takes along. */
export type LogStore =
  /** Everything on one volume: lines, index, and the log ahead of them. */
  | { readonly kind: 'volume'; readonly volume: Volume }
  /** Lines and index in the bucket for logs. The volume keeps what is not there yet; without one it is written when Loki stops, and lost
   * when it is killed. */
  | { readonly kind: 'object-store'; readonly volume?: Volume }

export interface LokiProps {
  readonly generation: LokiGeneration
  /** Limit of memory: what Loki takes idle, both caches, and 40 MiB for its work at the least. */
  readonly memory: Size
  readonly cpu: Cpu
  readonly store: LogStore
  /** How long a line is kept before the compactor deletes it. Whole days, at least one: Loki's index tables span 24 hours.
   * @default Duration.days(7)
   * @see https://grafana.com/docs/loki/v2.9.x/operations/storage/retention/ */
  readonly retention?: Duration
  /** Streams that are kept for another time.
   * @default [] */
  readonly streamRetention?: readonly StreamRetention[]
  /** How lines were indexed, from which day on. Needed once the index of a Loki with data changes.
   * @default - one period, with the generation's own index */
  readonly periods?: readonly SchemaPeriod[]
  /** Memory for the results of queries.
   * @default Size.mebibytes(100) */
  readonly resultsCache?: Size
  /** Memory for lines that were read.
   * @default Size.mebibytes(32) */
  readonly chunkCache?: Size
}

interface LokiSurroundings extends LokiNetworkProps {
  readonly objectStore?: ObjectStore
  /** In the namespace of Loki. */
  readonly credentials?: StoreCredentials
  /** Rule files by name, as text. */
  readonly rules: Readonly<Record<string, string>>
}

/** One Loki: takes lines, keeps them, answers queries, watches the rules. While it is away the collectors wait and lose nothing. */
export class Loki extends Construct {
  readonly pushUrl: string
  readonly queryUrl: string
  readonly pods: NetworkPeer

  constructor(scope: Construct, namespace: string, props: LokiProps & LokiSurroundings) {
    super(scope, 'loki')
    const { generation, memory, store, retention = Duration.days(7), streamRetention = [] } = props
    const periods = props.periods ?? [firstPeriod(generations[generation].index)]
    const resultsCache = props.resultsCache ?? Size.mebibytes(100)
    const chunkCache = props.chunkCache ?? Size.mebibytes(32)
    assertPeriods(this, generation, periods)
    assertRetention(this, 'retention', retention)
    assertStreams(this, streamRetention)
    assertMemory(this, { generation, memory, resultsCache, chunkCache })
    if (store.volume) assertVolume(this, store.volume.size)

    const host = `loki.${namespace}.svc.cluster.local`
    this.queryUrl = `http://${host}:${ports.http}`
    this.pushUrl = `${this.queryUrl}/loki/api/v1/push`
    this.pods = { namespace, podLabels: selectorLabels('loki') }
    const metadata = (name: string) => ({ name, labels: labels(name, 'loki') })

    const config = yamlText(
      configureLoki({
        generation,
        memory,
        periods,
        ...(store.kind === 'object-store' && { objectStore: props.objectStore }),
        hasVolume: store.volume !== undefined,
        retention,
        streamRetention,
        resultsCache,
        chunkCache,
        ...(props.alertmanager && { alertmanagerUrl: props.alertmanager.url }),
        ...(props.metrics && { metricsUrl: props.metrics.url }),
      }),
    )
    new k8s.KubeConfigMap(this, 'config', { metadata: metadata('loki'), data: { 'loki.yaml': config } })
    new k8s.KubeConfigMap(this, 'rules', { metadata: metadata('loki-rules'), data: props.rules })
    for (const [name, clusterIp] of [
      ['loki', undefined],
      // A StatefulSet wants one without an address.
      ['loki-headless', 'None'],
    ] as const) {
      new k8s.KubeService(this, name, {
        metadata: metadata(name),
        spec: {
          ...(clusterIp && { clusterIp }),
          type: 'ClusterIP',
          selector: selectorLabels('loki'),
          ports: Object.entries(ports).map(([port, number]) => ({
            name: port,
            port: number,
            targetPort: k8s.IntOrString.fromString(port),
          })),
        },
      })
    }
    new k8s.KubeStatefulSet(this, 'server', {
      metadata: metadata('loki'),
      spec: {
        serviceName: 'loki-headless',
        // And no disruption budget: one would block every drain of its node and keep nothing up.
        replicas: 1,
        selector: { matchLabels: selectorLabels('loki') },
        // Deleting the StatefulSet, or pruning it, leaves the lines.
        ...(store.volume && { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } }),
        template: {
          metadata: { labels: labels('loki'), annotations: contentHash(config) },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity,
            // Long enough to write what is in memory to the object store.
            terminationGracePeriodSeconds: store.volume ? 60 : 300,
            containers: [lokiContainer(props)],
            volumes: [
              { name: 'config', configMap: { name: 'loki' } },
              { name: 'rules', configMap: { name: 'loki-rules' } },
              { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } },
              ...(store.volume ? [] : [{ name: 'data', emptyDir: { sizeLimit: k8s.Quantity.fromString('4Gi') } }]),
            ],
          },
        },
        ...(store.volume && { volumeClaimTemplates: [claim(store.volume)] }),
      },
    })
    new LokiNetwork(this, props)
  }
}

function claim({ size, storageClass }: Volume): k8s.KubePersistentVolumeClaimProps {
  return {
    metadata: { name: 'data', labels: labels('loki') },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass && { storageClassName: storageClass }),
      resources: { requests: quantities({ storage: size.asString() }) },
    },
  }
}
