import { Size } from 'cdk8s'
import { k8s } from 'cdk8s-plus-28'
import { Construct } from 'constructs'
import * as barman from '../imports/barmancloud.cnpg.io.ts'
import { PodMonitor } from '../imports/monitoring.coreos.com.ts'
import * as cnpg from '../imports/postgresql.cnpg.io.ts'
import { accept } from './accepted-findings.ts'
import type { Database } from './database.ts'
import { External } from './external.ts'
import { invalid } from './invalid.ts'
import { labels } from './labels.ts'
import { type NetworkPeer, neighbour, peer, tcp, to, toDns } from './network-peer.ts'
import type { ObjectStore } from './object-store.ts'
import { assertDatabase } from './postgres-limits.ts'
import { maxConnections, postgresSettings } from './postgres-settings.ts'
import type { SecretKey } from './secret-key.ts'
import { images } from './versions.ts'

export interface CloudNativePgProps {
  /** Name of the database that holds the lake's catalog: 1 to 63 lower-case letters, digits and underscores. */
  readonly database: string
  /** Owner of that database, under the same rule; the operator makes it and its password. */
  readonly user: string
  /** Servers: one that writes and the rest ready to take over, at least 3, so that a commit never waits for a server that is away. */
  readonly instances: number
  /** Size of each server's volume, at least 1 GiB. */
  readonly volumeSize: Size
  /** Storage class of the volumes.
   * @default - the cluster's default class */
  readonly storageClass?: string
  /** Memory of each server, at least 512 MiB; a quarter of it becomes `shared_buffers`. */
  readonly memory: Size
  /** Where backups and the log of changes go. */
  readonly backups: ObjectStore
  /** How many days back a backup can restore to, at least 1.
   * @default 14 */
  readonly keepBackupsDays?: number
  /** Prometheus, which finds the servers' metrics by a resource of its operator.
   * @default - nobody reads them */
  readonly scrapers?: readonly NetworkPeer[]
  readonly clients: readonly NetworkPeer[]
}

const port = 5432
const metricsPort = 9187

/** So that changes which cannot be archived for a while, because the object store is away, do not fill the volume of the tables. */
const walVolume = Size.gibibytes(10)

/** Where the operator's release puts itself. */
const operator: NetworkPeer = { namespace: 'cnpg-system', podLabels: { 'app.kubernetes.io/name': 'cloudnative-pg' } }

/** The operator's name for the cluster's pods, which is how others let them in. */
export const cloudNativePgPods = { 'cnpg.io/cluster': 'postgres' }

/** PostgreSQL with failover by the CloudNativePG operator, which also makes the passwords. Backups go to the object store. */
export class CloudNativePg extends Construct implements Database {
  readonly host: string
  readonly port = port
  readonly name: string
  readonly sslMode = 'require'
  readonly maxConnections = maxConnections
  readonly pods: NetworkPeer
  readonly user: string
  readonly password: SecretKey
  readonly administrator: Database['administrator']

  constructor(scope: Construct, namespace: string, props: CloudNativePgProps) {
    super(scope, 'postgres')
    assertDatabase(this, props)
    if (!Number.isInteger(props.instances) || props.instances < 3) {
      throw invalid(this, `instances is ${props.instances}, use at least 3: with two, every commit waits while one of them is away.`)
    }
    const name = 'postgres'
    // The service that always leads to the server that writes.
    this.host = `${name}-rw.${namespace}.svc.cluster.local`
    this.name = props.database
    this.pods = { namespace, podLabels: cloudNativePgPods }
    this.user = props.user
    this.password = { namespace, secret: `${name}-app`, key: 'password' }
    this.administrator = { user: 'postgres', password: { namespace, secret: `${name}-superuser`, key: 'password' } }
    for (const secret of [this.password.secret, this.administrator.password.secret]) {
      new External(this, secret, { kind: 'Secret', namespace, name: secret, madeBy: 'the CloudNativePG operator' })
    }
    new External(this, 'servers', { kind: 'Pod', namespace, labels: cloudNativePgPods, madeBy: 'the CloudNativePG operator' })
    // A pruned Cluster takes its volumes with it.
    const keep = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' }
    const { backups, scrapers = [] } = props

    const store = new barman.ObjectStore(this, 'backup-store', {
      metadata: { name: 'postgres-backups', labels: labels('postgres-backups'), annotations: keep },
      spec: {
        configuration: {
          destinationPath: `s3://${backups.buckets.backups}/postgres`,
          endpointUrl: backups.url,
          s3Credentials: {
            accessKeyId: { name: backups.credentials.backups.accessKey.secret, key: backups.credentials.backups.accessKey.key },
            secretAccessKey: { name: backups.credentials.backups.secretKey.secret, key: backups.credentials.backups.secretKey.key },
          },
          wal: { compression: barman.ObjectStoreSpecConfigurationWalCompression.ZSTD },
          data: { compression: barman.ObjectStoreSpecConfigurationDataCompression.SNAPPY },
        },
        retentionPolicy: `${props.keepBackupsDays ?? 14}d`,
        // Beside each server; without limits of its own it would take the node's memory while it compresses.
        instanceSidecarConfiguration: {
          resources: {
            requests: { cpu: '50m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
            limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '1Gi' },
          },
        },
      },
    })
    new cnpg.Cluster(this, 'cluster', {
      metadata: { name, labels: labels(name), annotations: keep },
      spec: {
        instances: props.instances,
        imageName: `${images.cloudnativePostgresql.source}:${images.cloudnativePostgresql.version}`,
        // The default stops the writing server for an update; a switch-over first hands its work to another.
        primaryUpdateMethod: cnpg.ClusterSpecPrimaryUpdateMethod.SWITCHOVER,
        // The migration makes the roles of readers and writers, which the owner may not.
        enableSuperuserAccess: true,
        bootstrap: {
          initdb: {
            database: props.database,
            owner: props.user,
            encoding: 'UTF8',
            localeCollate: 'C',
            localeCType: 'C',
            dataChecksums: true,
          },
        },
        postgresql: {
          parameters: { ...postgresSettings, shared_buffers: `${Math.floor(props.memory.toMebibytes() / 4)}MB` },
          // An acknowledged commit of the catalog is on two servers, even when the first one burns; with too few servers it goes on alone.
          synchronous: {
            method: cnpg.ClusterSpecPostgresqlSynchronousMethod.ANY,
            number: 1,
            dataDurability: cnpg.ClusterSpecPostgresqlSynchronousDataDurability.PREFERRED,
          },
        },
        storage: { size: props.volumeSize.asString(), ...(props.storageClass && { storageClass: props.storageClass }) },
        walStorage: { size: walVolume.asString(), ...(props.storageClass && { storageClass: props.storageClass }) },
        resources: {
          requests: { cpu: '500m', memory: props.memory.asString(), 'ephemeral-storage': '256Mi' },
          limits: { cpu: '2', memory: props.memory.asString(), 'ephemeral-storage': '1Gi' },
        },
        affinity: { topologyKey: 'kubernetes.io/hostname', podAntiAffinityType: 'required' },
        plugins: [{ name: 'barman-cloud.cloudnative-pg.io', isWalArchiver: true, parameters: { barmanObjectName: store.name } }],
      },
    })
    new cnpg.ScheduledBackup(this, 'nightly-backup', {
      metadata: { name: 'postgres-nightly', labels: labels('postgres-nightly') },
      spec: {
        // With seconds first: every night at 02:00.
        schedule: '0 0 2 * * *',
        immediate: true,
        backupOwnerReference: cnpg.ScheduledBackupSpecBackupOwnerReference.SELF,
        cluster: { name },
        method: cnpg.ScheduledBackupSpecMethod.PLUGIN,
        pluginConfiguration: { name: 'barman-cloud.cloudnative-pg.io' },
      },
    })
    if (scrapers.length > 0) {
      new PodMonitor(this, 'monitor', {
        metadata: { name, labels: labels(name) },
        spec: { selector: { matchLabels: cloudNativePgPods }, podMetricsEndpoints: [{ port: 'metrics', interval: '30s' }] },
      })
    }
    new k8s.KubeNetworkPolicy(this, 'network', {
      metadata: { name: 'postgres', labels: labels('postgres'), annotations: accept('networkpolicy-targets-pod') },
      spec: {
        podSelector: { matchLabels: cloudNativePgPods },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          { from: [...props.clients.map(peer), neighbour(cloudNativePgPods)], ports: tcp(port) },
          // 8000 is the status port of each server's instance manager.
          { from: [peer(operator), neighbour(cloudNativePgPods)], ports: tcp(port, 8000) },
          ...(scrapers.length > 0 ? [{ from: scrapers.map(peer), ports: tcp(metricsPort) }] : []),
        ],
        egress: [
          { to: [neighbour(cloudNativePgPods)], ports: tcp(port, 8000) },
          to(backups.pods, backups.port),
          // Each server reports to the API server, whose address no selector can name.
          { ports: tcp(443, 6443) },
          toDns,
        ],
      },
    })
  }
}
