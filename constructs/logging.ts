import { k8s } from 'cdk8s-plus-28'
import { Dashboards } from './dashboards.ts'
import type { SecretMaker } from './generated-secret.ts'
import { Grafana, type GrafanaProps } from './grafana.ts'
import type { HelmValues } from './helm-values.ts'
import { invalid } from './invalid.ts'
import { labels, selectorLabels } from './labels.ts'
import type { LakeApp } from './lake-app.ts'
import { type CollectorKind, collectorPods, LogCollector } from './log-collector.ts'
import { collectorPipeline } from './log-pipelines.ts'
import { LogRules } from './log-rules.ts'
import { ports } from './loki/configure-loki.ts'
import type { Alertmanager, MetricsStore } from './loki/loki-network.ts'
import { Loki, type LokiProps } from './loki.ts'
import { ManifestFile } from './manifest-file.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { ObjectStore, StoreCredentials } from './object-store.ts'
import { SecretCopy } from './secret-copy.ts'

export interface LoggingProps {
  /** @default logging */
  readonly namespace?: string
  readonly loki: LokiProps
  /** Who reads the log files of each node. */
  readonly collector: CollectorKind
  /** Where lines go that lie in no volume of Loki's own; its network must let Loki's pods in.
   * @default - none: then `loki.store` is a volume */
  readonly objectStore?: ObjectStore
  /** Who copies the object store's keys to where Loki reads them. */
  readonly secrets: SecretMaker
  /** Who may ask for lines. Everybody else but the collectors is refused by the network.
   * @default [] */
  readonly clients?: readonly NetworkPeer[]
  /** Who may read Loki's and the collectors' own metrics.
   * @default [] */
  readonly scrapers?: readonly NetworkPeer[]
  /** Where alerts go.
   * @default - nowhere: Loki shows them and tells nobody */
  readonly alertmanager?: Alertmanager
  /** What stores the metrics that recording rules make.
   * @default - nobody: there are no recording rules */
  readonly metrics?: MetricsStore
  /** Where the pages of docs/runbooks/ are read.
   * @default docs/runbooks, from the repository's root */
  readonly runbooks?: string
  /** A Grafana beside Loki.
   * @default - none: one that looks into this namespace finds the dashboards as well */
  readonly grafana?: GrafanaProps
}

/** What every pod writes, kept and searchable. */
export class Logging extends ManifestFile {
  /** Where lines are sent to. */
  readonly pushUrl: string
  /** Where they are asked for: what Grafana and `logcli` want to know. */
  readonly queryUrl: string
  /** Loki's pods, for the policies of those who connect to it. */
  readonly pods: NetworkPeer
  /** The readers on the nodes, in a file and a namespace of their own. */
  readonly collector: LogCollector
  /** The charts that belong to `dist/<environment>/logging.k8s.yaml`. */
  readonly charts: readonly HelmValues[]

  constructor(app: LakeApp, props: LoggingProps) {
    const { clients = [], scrapers = [] } = props
    const namespace = app.namespaces.add(props.namespace ?? 'logging')
    super(app, 'logging', { namespace })

    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: labels('default-deny') },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    const grafana =
      props.grafana &&
      new Grafana(this, namespace, {
        ...props.grafana,
        secrets: props.secrets,
        loki: { podLabels: selectorLabels('loki'), port: ports.http },
      })
    const loki = new Loki(this, namespace, {
      ...props.loki,
      clients: [collectorPods, ...(grafana ? [grafana.pods] : []), ...clients, ...scrapers],
      rules: new LogRules(this, { ...(props.runbooks && { runbooks: props.runbooks }), records: props.metrics !== undefined }).files,
      ...(props.metrics && { metrics: props.metrics }),
      ...(props.alertmanager && { alertmanager: props.alertmanager }),
      ...(props.loki.store.kind === 'object-store' && this.objectStore(namespace, props)),
    })
    new Dashboards(this, { queryUrl: loki.queryUrl })
    this.charts = grafana ? [grafana.values] : []
    this.pushUrl = loki.pushUrl
    this.queryUrl = loki.queryUrl
    this.pods = loki.pods
    this.collector = new LogCollector(app, {
      program: props.collector,
      stages: collectorPipeline(),
      pushUrl: loki.pushUrl,
      loki: loki.pods,
      scrapers,
    })
  }

  private objectStore(
    namespace: string,
    { objectStore, secrets }: LoggingProps,
  ): { objectStore: ObjectStore; credentials: StoreCredentials } {
    if (!objectStore) throw invalid(this, "loki.store is 'object-store' and there is none: pass objectStore, or use a volume.")
    const { accessKey, secretKey } = objectStore.credentials.logs
    const copy = new SecretCopy(this, 'object-store', {
      name: accessKey.secret,
      from: accessKey.namespace,
      namespace,
      keys: [accessKey.key, secretKey.key],
      madeBy: secrets,
    })
    return { objectStore, credentials: { accessKey: copy.key(accessKey.key), secretKey: copy.key(secretKey.key) } }
  }
}
