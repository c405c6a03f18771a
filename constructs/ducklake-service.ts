import type { Size } from 'cdk8s'
import { type Cpu, k8s } from 'cdk8s-plus-28'
import { accept } from './accepted-findings.ts'
import { contentHash } from './config-file.ts'
import type { Database } from './database.ts'
import { type BackupSchedule, ServiceJobs } from './ducklake-service/service-jobs.ts'
import { assertAccepted, assertCapacity, assertConnections, assertCpu, graceSeconds } from './ducklake-service/service-limits.ts'
import { type Monitoring, ServiceMonitoring, scrapeAnnotations } from './ducklake-service/service-monitoring.ts'
import { type LineageSink, type ServiceIngress, ServiceNetwork } from './ducklake-service/service-network.ts'
import { configName, servicePod } from './ducklake-service/service-pod.ts'
import { type Autoscaling, ServiceScaling } from './ducklake-service/service-scaling.ts'
import { ServiceSecrets } from './ducklake-service/service-secrets.ts'
import { configureService, ports, type ServiceSettings } from './ducklake-service/service-settings.ts'
import type { SecretMaker } from './generated-secret.ts'
import { labels, selectorLabels } from './labels.ts'
import type { LakeApp } from './lake-app.ts'
import { ManifestFile } from './manifest-file.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { ObjectStore } from './object-store.ts'
import { images } from './versions.ts'

export interface DuckLakeServiceProps {
  /** @default ducklake */
  readonly namespace?: string
  /** What `npm run image` made and you pushed, `registry/name:tag`.
   * @default - the name that `npm run image` gives it */
  readonly image?: string
  /** Where the files lie; its network must let the service's pods in. */
  readonly objectStore: ObjectStore
  /** Where the catalog lies, under the same condition. */
  readonly catalog: Database
  /** Who makes the service's passwords and the administrator's key, and copies those of the storage. */
  readonly secrets: SecretMaker
  /** Pods that serve, at least 1; more than one survive the loss of a node. */
  readonly replicas: number
  /** Further pods under load.
   * @default - none */
  readonly autoscaling?: Autoscaling
  /** Memory of each pod: of the gateway and of all its engines at their limits. */
  readonly memory: Size
  readonly cpu: Cpu
  /** What its node keeps free for each pod, at most `cpu`; the rest is there as long as nobody else wants it.
   * @default - `cpu`: nothing is lent out */
  readonly cpuRequest?: Cpu
  /** Memory of DuckDB in each engine, before it spills; at least 128 MiB. */
  readonly engineMemory: Size
  /** Disk of the node for what the engines of a pod spill, and for results until they are in their bucket. */
  readonly spill: Size
  /** Disk of the node for bodies of writes. */
  readonly spool: Size
  /** @default {} */
  readonly settings?: ServiceSettings
  /** @default - the lineage stays in the service */
  readonly lineage?: LineageSink
  /** Who in the cluster may send requests. Everybody else is refused by the network.
   * @default [] */
  readonly clients?: readonly NetworkPeer[]
  /** @default - no way in from outside of the cluster */
  readonly ingress?: ServiceIngress
  /** Who may read the metrics.
   * @default [] */
  readonly scrapers?: readonly NetworkPeer[]
  /** @default annotations */
  readonly monitoring?: Monitoring
  /** @default - none */
  readonly backups?: BackupSchedule
}

/** The query service: SQL over HTTP on the lake, in pods that share nothing but the catalog and the buckets. Maintenance and the ingest
 * queue need no jobs: the pods do both by themselves, one of them at a time. */
export class DuckLakeService extends ManifestFile {
  /** `http://host:port`, for callers in the cluster. */
  readonly url: string

  constructor(app: LakeApp, props: DuckLakeServiceProps) {
    const namespace = app.namespaces.add(props.namespace ?? 'ducklake')
    super(app, 'ducklake-service', { namespace })
    const { objectStore, catalog, settings = {}, clients = [], scrapers = [], monitoring = 'annotations' } = props
    this.url = `http://ducklake-service.${namespace}.svc.cluster.local:${ports.http}`
    const metadata = { name: 'ducklake-service', labels: labels('ducklake-service') }

    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: labels('default-deny') },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    new k8s.KubeServiceAccount(this, 'account', { metadata, automountServiceAccountToken: false })
    const secrets = new ServiceSecrets(this, { namespace, objectStore, catalog, madeBy: props.secrets, lineage: props.lineage })
    const environment = configureService({ ...props, settings, secretFiles: secrets.files, lineageUrl: props.lineage?.url })
    assertAccepted(this, environment)
    assertCapacity(this, { ...props, settings }, environment)
    assertCpu(this, props)
    const most = props.autoscaling?.maxReplicas ?? props.replicas
    assertConnections(this, { catalog, pods: most, settings })
    new k8s.KubeConfigMap(this, 'config', { metadata: { name: configName, labels: labels(configName) }, data: environment })
    const config = JSON.stringify(environment)
    new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels('ducklake-service'),
        ports: Object.entries(ports).map(([name, port]) => ({ name, port, targetPort: k8s.IntOrString.fromString(name) })),
      },
    })
    const pod = {
      ...props,
      image: props.image ?? `${images.ducklakeService.source}:${images.ducklakeService.version}`,
      volumes: secrets.volumes,
      administratorFiles: secrets.administratorFiles,
    }
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { ...metadata, ...(most === 1 && { annotations: accept('deployment-replicas') }) },
      spec: {
        // Left to the autoscaler where there is one: each apply would else take its pods away.
        ...(!props.autoscaling && { replicas: props.replicas }),
        revisionHistoryLimit: 4,
        minReadySeconds: 5,
        selector: { matchLabels: selectorLabels('ducklake-service') },
        // The new pod first, then the old one goes: nobody waits meanwhile.
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) },
        },
        template: {
          metadata: {
            labels: labels('ducklake-service'),
            annotations: { ...contentHash(config), ...(monitoring === 'annotations' && scrapeAnnotations) },
          },
          spec: { ...servicePod(pod, graceSeconds(environment)), ...(props.replicas > 1 && spread) },
        },
      },
    })
    new ServiceScaling(this, props.replicas, props.autoscaling)
    if (props.backups) new ServiceJobs(this, props.backups, { ...pod, config })
    new ServiceNetwork(this, { ...props, clients, scrapers, outside: outsideOf(settings) })
    if (monitoring === 'prometheus-operator') new ServiceMonitoring(this)
  }
}

/** Over nodes and zones as far as they reach: fewer nodes than pods shall hold none of them back. */
const spread: Pick<k8s.PodSpec, 'topologySpreadConstraints' | 'affinity'> = {
  topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(topologyKey => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selectorLabels('ducklake-service') },
    // The pods of an update count for themselves, or the old ones would push the new ones together.
    matchLabelKeys: ['pod-template-hash'],
  })),
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: { matchLabels: selectorLabels('ducklake-service') },
          },
        },
      ],
    },
  },
}

/** An issuer of tokens is asked for its public keys. */
function outsideOf({ OIDC_ISSUER, OIDC_JWKS_URL }: ServiceSettings): string[] {
  return [OIDC_ISSUER, OIDC_JWKS_URL].flatMap(url => url || [])
}
