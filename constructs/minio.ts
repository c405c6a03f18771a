import type { Size } from 'cdk8s'
import { Construct } from 'constructs'
import { External } from './external.ts'
import { GeneratedSecret, type SecretMaker } from './generated-secret.ts'
import { HelmValues } from './helm-values.ts'
import { exposureValues, type MinioExposure } from './minio-exposure.ts'
import { assertBuckets, assertDrives } from './minio-limits.ts'
import { MinioNetwork } from './minio-network.ts'
import { setupJob } from './minio-setup.ts'
import { minioChart } from './minio-values.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { BucketPurpose, ObjectStore, StoreUser } from './object-store.ts'
import { containerSecurity, podSecurity } from './security-context.ts'
import { StoreUserSecret } from './store-user-secret.ts'
import type { Json } from './values-shape.ts'
import { images } from './versions.ts'

/** One server with one drive, or several servers that keep the data readable while some of them are away. */
export type MinioMode =
  | { readonly kind: 'standalone' }
  | { readonly kind: 'distributed'; readonly servers: number; readonly drivesPerServer: number }

export interface MinioProps {
  /** Changing it later starts with empty volumes: the two kinds keep their data differently. */
  readonly mode: MinioMode
  /** Size of each drive's volume, at least 1 GiB. */
  readonly driveSize: Size
  /** Storage class of the volumes.
   * @default - the cluster's default class */
  readonly storageClass?: string
  /** Bucket names: 3 to 63 lower-case letters, digits and hyphens, each used once.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  readonly buckets: Readonly<Record<BucketPurpose, string>>
  /** How many days a deleted or overwritten object of `lake` and `raw` can still be restored, 1 to 365.
   * @default 30 */
  readonly keepDeletedDays?: number
  /** How S3 is reached from outside the cluster.
   * @default - not at all */
  readonly exposure?: MinioExposure
  /** Who may connect; everybody else is refused by the network. */
  readonly clients: readonly NetworkPeer[]
  /** Who makes the root user's and the other users' keys. */
  readonly secrets: SecretMaker
}

/** S3's port, which is the chart's default. */
const port = 9000

/** The only region of a store that has no regions: S3 clients insist on a name, and sign with it. */
const region = 'us-east-1'

/** MinIO by its official chart: a values file, the Secrets that it names, and what its clients need to know. */
export class Minio extends Construct implements ObjectStore {
  readonly host: string
  readonly port = port
  readonly tls = false
  readonly url: string
  readonly region = region
  readonly pods: NetworkPeer
  readonly buckets: Readonly<Record<BucketPurpose, string>>
  readonly credentials: Readonly<Record<StoreUser, StoreUserSecret>>
  readonly servers: number
  readonly values: HelmValues
  /** What the chart labels the servers' pods with. */
  readonly podLabels = { app: 'minio', release: 'minio' }
  /** And those of the Job that makes buckets, policies and users after each install and upgrade. */
  readonly jobLabels = { app: 'minio-job', release: 'minio' }

  constructor(scope: Construct, namespace: string, props: MinioProps) {
    super(scope, 'minio')
    assertBuckets(this, props.buckets)
    assertDrives(this, props)
    const distributed = props.mode.kind === 'distributed' ? props.mode : undefined
    this.servers = distributed?.servers ?? 1
    this.host = `minio.${namespace}.svc.cluster.local`
    this.url = `http://${this.host}:${port}`
    this.pods = { namespace, podLabels: this.podLabels }
    this.buckets = props.buckets

    const root = new GeneratedSecret(this, 'root', {
      name: 'minio-root',
      namespace,
      keys: ['rootUser', 'rootPassword'],
      madeBy: props.secrets,
    })
    const user = (name: StoreUser) => new StoreUserSecret(this, name, namespace, props.secrets)
    this.credentials = {
      lakeReader: user('lakeReader'),
      lakeWriter: user('lakeWriter'),
      lakeMaintenance: user('lakeMaintenance'),
      publicationReader: user('publicationReader'),
      raw: user('raw'),
      logs: user('logs'),
      backups: user('backups'),
    }
    new External(this, 'servers', { kind: 'Pod', namespace, labels: this.podLabels, madeBy: 'the chart minio' })
    new External(this, 'job', { kind: 'Pod', namespace, labels: this.jobLabels, madeBy: 'the chart minio' })

    const image = { repository: images.minio.source, tag: images.minio.version, pullPolicy: 'IfNotPresent' }
    this.values = new HelmValues(this, 'values', {
      chart: minioChart,
      release: 'minio',
      namespace,
      values: {
        mode: props.mode.kind,
        ...(distributed && { replicas: distributed.servers, drivesPerNode: distributed.drivesPerServer, pools: 1 }),
        image,
        mcImage: image,
        // Two servers must never share the one volume of the standalone mode; a rolling update would start the second beside the first.
        ...(!distributed && { deploymentUpdate: { type: 'Recreate' } }),
        // With it off, each change of a policy or bucket restarts the servers, because the checksum covers the Job's scripts too.
        ignoreChartChecksums: true,
        existingSecret: root.name,
        environment: {
          MINIO_SITE_REGION: region,
          MINIO_UPDATE: 'off',
        },
        persistence: {
          enabled: true,
          size: props.driveSize.asString(),
          ...(props.storageClass && { storageClass: props.storageClass }),
          accessMode: 'ReadWriteOnce',
          // `helm uninstall` and a pruning Argo CD would take the volume and the data with them.
          annotations: { 'helm.sh/resource-policy': 'keep', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
        },
        ...exposureValues(`${port}`, props.exposure),
        consoleService: { type: 'ClusterIP', port: '9001' },
        // `public` opens the metrics to everybody even while the monitor is off, and it is the chart's default.
        metrics: { serviceMonitor: { enabled: false, public: false } },
        // Ours stand in dist/: the chart's know no egress and no other namespace, and its budget blocks a node drain for ever.
        networkPolicy: { enabled: false },
        podDisruptionBudget: { enabled: false },
        // Without an own account the pods use `default`, whose token dist/ switches off; the chart has no key for that.
        serviceAccount: { create: false },
        // Measured: 140 to 380 MiB resident with small objects.
        resources: {
          requests: { cpu: '100m', memory: '512Mi', 'ephemeral-storage': '64Mi' },
          limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
        },
        securityContext: { enabled: true, ...podSecurity },
        containerSecurityContext: containerSecurity,
        ...(distributed && { affinity: spreadOverNodes(this.podLabels) }),
        extraVolumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
        extraVolumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        extraContainers: [readinessGate(distributed !== undefined)],
        ...setupJob(props.buckets, this.credentials, props.keepDeletedDays ?? 30),
      },
    })
    new MinioNetwork(this, this, props)
  }
}

/** The chart has no probes (minio/minio#18178). A pod is ready only when all its containers are, so this one watches the server. */
function readinessGate(distributed: boolean): Json {
  return {
    name: 'readiness',
    image: `${images.minio.source}:${images.minio.version}`,
    // As process 1 a plain `sleep` ignores the stop signal, and each update would wait 30 s for it.
    command: ['/bin/sh', '-c', "trap 'exit 0' TERM; sleep infinity & wait"],
    readinessProbe: distributed
      ? // A restarted server says it is ready while it still answers 403 and 404 for valid keys and existing objects, for up to 45 s.
        { httpGet: { path: '/minio/health/cluster', port }, initialDelaySeconds: 45, periodSeconds: 5, failureThreshold: 2 }
      : { httpGet: { path: '/minio/health/ready', port }, periodSeconds: 5, failureThreshold: 2 },
    resources: {
      requests: { cpu: '5m', memory: '16Mi', 'ephemeral-storage': '1Mi' },
      limits: { cpu: '50m', memory: '32Mi', 'ephemeral-storage': '8Mi' },
    },
    securityContext: containerSecurity,
  }
}

/** Preferred and not required: with fewer nodes than servers the rest would stay Pending, and writing needs three of four. */
function spreadOverNodes(podLabels: Readonly<Record<string, string>>) {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: podLabels } } },
      ],
    },
  }
}
