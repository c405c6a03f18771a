import type { Size } from 'cdk8s'
import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import { accept } from './accepted-findings.ts'
import type { Database } from './database.ts'
import { External } from './external.ts'
import { GeneratedSecret, type SecretMaker } from './generated-secret.ts'
import { HelmValues } from './helm-values.ts'
import { labels } from './labels.ts'
import { type NetworkPeer, peer, tcp } from './network-peer.ts'
import { assertDatabase } from './postgres-limits.ts'
import { maxConnections, postgresSettings } from './postgres-settings.ts'
import { postgresChart } from './postgres-values.ts'
import type { SecretKey } from './secret-key.ts'
import { images } from './versions.ts'

export interface PostgresProps {
  /** Name of the database that holds the lake's catalog: 1 to 63 lower-case letters, digits and underscores. */
  readonly database: string
  /** Owner of that database, under the same rule; the chart makes it. */
  readonly user: string
  /** Size of the volume, at least 1 GiB. */
  readonly volumeSize: Size
  /** Storage class of the volume.
   * @default - the cluster's default class */
  readonly storageClass?: string
  /** Memory limit of the server, at least 512 MiB; a quarter of it becomes `shared_buffers`. */
  readonly memory: Size
  /** Who may connect; everybody else is refused by the network. */
  readonly clients: readonly NetworkPeer[]
  /** Who makes the passwords. */
  readonly secrets: SecretMaker
}

const port = 5432

/** One PostgreSQL server by Bitnami's chart. It has no failover: CloudNativePg is the provider for that. */
export class Postgres extends Construct implements Database {
  readonly host: string
  readonly port = port
  readonly name: string
  /** The chart makes no certificate. */
  readonly sslMode = 'disable'
  readonly maxConnections = maxConnections
  readonly pods: NetworkPeer
  readonly user: string
  readonly password: SecretKey
  readonly administrator: Database['administrator']
  readonly values: HelmValues
  /** What the chart labels the server's pod with. */
  readonly podLabels = { 'app.kubernetes.io/instance': 'postgres', 'app.kubernetes.io/name': 'postgresql' }

  constructor(scope: Construct, namespace: string, props: PostgresProps) {
    super(scope, 'postgres')
    assertDatabase(this, props)
    const auth = new GeneratedSecret(this, 'auth', {
      name: 'postgres-auth',
      namespace,
      keys: ['postgres-password', 'password'],
      madeBy: props.secrets,
    })
    this.host = `postgres.${namespace}.svc.cluster.local`
    this.name = props.database
    this.pods = { namespace, podLabels: this.podLabels }
    this.user = props.user
    this.password = auth.key('password')
    this.administrator = { user: 'postgres', password: auth.key('postgres-password') }
    new External(this, 'server', { kind: 'Pod', namespace, labels: this.podLabels, madeBy: 'the chart postgresql' })

    this.values = new HelmValues(this, 'values', {
      chart: postgresChart,
      release: 'postgres',
      namespace,
      values: {
        // The chart refuses to render images that are not Bitnami's own, and counts this frozen repository among them.
        global: { security: { allowInsecureImages: true } },
        image: { repository: images.postgresql.source, tag: images.postgresql.version, pullPolicy: 'IfNotPresent' },
        // Without it the release `postgres` becomes `postgres-postgresql` in every name.
        fullnameOverride: 'postgres',
        architecture: 'standalone',
        auth: {
          username: props.user,
          database: props.database,
          existingSecret: auth.name,
          secretKeys: {
            adminPasswordKey: this.administrator.password.key,
            userPasswordKey: this.password.key,
          },
        },
        // Memory-backed, so it counts against the limit below; the chart would leave it unbounded.
        shmVolume: { enabled: true, sizeLimit: '128Mi' },
        primary: {
          extendedConfiguration: settingsFile({ ...postgresSettings, shared_buffers: `${props.memory.toMebibytes() / 4}MB` }),
          // The chart's first probe comes after 5 s and the next 10 s later, for a server that is up in 3.
          readinessProbe: { enabled: true, initialDelaySeconds: 1, periodSeconds: 5 },
          // The kubelet's TERM means "wait for every client" to PostgreSQL: after 30 s it would be killed, and recover at the next start.
          lifecycleHooks: { preStop: { exec: { command: ['/bin/sh', '-c', 'kill -INT 1'] } } },
          // The chart's preset has 192Mi, in which a catalog is killed.
          resources: {
            requests: { cpu: '250m', memory: props.memory.asString(), 'ephemeral-storage': '64Mi' },
            limits: { cpu: '1', memory: props.memory.asString(), 'ephemeral-storage': '1Gi' },
          },
          // Ours stand in dist/; the chart's default lets in every pod of the cluster.
          pdb: { create: false },
          networkPolicy: { enabled: false, allowExternal: false },
          service: { type: 'ClusterIP', ports: { postgresql: port } },
          persistence: {
            enabled: true,
            ...(props.storageClass && { storageClass: props.storageClass }),
            accessModes: ['ReadWriteOnce'],
            size: props.volumeSize.asString(),
          },
          persistentVolumeClaimRetentionPolicy: { enabled: true, whenScaled: 'Retain', whenDeleted: 'Retain' },
        },
      },
    })
    new k8s.KubeNetworkPolicy(this, 'network', {
      metadata: { name: 'postgres', labels: labels('postgres'), annotations: accept('networkpolicy-targets-pod') },
      spec: {
        podSelector: { matchLabels: this.podLabels },
        policyTypes: ['Ingress', 'Egress'],
        // Absent and not empty: the API server drops an empty list, and each apply would count as a change.
        ...(props.clients.length > 0 && { ingress: [{ from: props.clients.map(peer), ports: tcp(port) }] }),
      },
    })
  }
}

/** In quotes, PostgreSQL reads `\t` as a TAB, which a reviewer would not see. */
function settingsFile(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll('\t', '\\t')}'\n`)
    .join('')
}
