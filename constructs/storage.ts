import { k8s } from 'cdk8s-plus-28'
import { accept } from './accepted-findings.ts'
import { CloudNativePg, type CloudNativePgProps, cloudNativePgPods } from './cloudnative-pg.ts'
import type { Database } from './database.ts'
import type { SecretMaker } from './generated-secret.ts'
import type { HelmValues } from './helm-values.ts'
import { labels } from './labels.ts'
import type { LakeApp } from './lake-app.ts'
import { ManifestFile } from './manifest-file.ts'
import { Minio, type MinioProps } from './minio.ts'
import type { NetworkPeer } from './network-peer.ts'
import type { ObjectStore } from './object-store.ts'
import { Postgres, type PostgresProps } from './postgres.ts'

export interface StorageProps {
  /** @default storage */
  readonly namespace?: string
  readonly objectStore: Omit<MinioProps, 'secrets' | 'clients'>
  /** Who runs PostgreSQL: one server by Bitnami's chart, or a cluster with failover by the CloudNativePG operator. */
  readonly database:
    | ({ readonly provider: 'bitnami' } & Omit<PostgresProps, 'secrets' | 'clients'>)
    | ({ readonly provider: 'cloudnative-pg' } & Omit<CloudNativePgProps, 'backups' | 'clients'>)
  /** Who makes passwords and keys. CloudNativePG makes its own in any case. */
  readonly secrets: SecretMaker
  /** Who may connect to the object store and the database; everybody else is refused by the network.
   * @default [] */
  readonly clients?: readonly NetworkPeer[]
  /** Who besides may connect to the object store alone.
   * @default [] */
  readonly objectStoreClients?: readonly NetworkPeer[]
}

/** What the lake lies in: an object store for the files and a database for the catalog, in one namespace. */
export class Storage extends ManifestFile {
  readonly objectStore: ObjectStore
  readonly catalog: Database
  /** The charts that belong to `dist/<environment>/storage.k8s.yaml`. */
  readonly charts: readonly HelmValues[]

  constructor(app: LakeApp, { database, objectStore, secrets, clients = [], objectStoreClients = [], ...props }: StorageProps) {
    const namespace = app.namespaces.add(props.namespace ?? 'storage')
    super(app, 'storage', { namespace })

    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny', labels: labels('default-deny'), annotations: accept('networkpolicy-targets-pod') },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    })
    if (database.provider === 'bitnami') {
      const minio = new Minio(this, namespace, { ...objectStore, secrets, clients: [...clients, ...objectStoreClients] })
      const postgres = new Postgres(this, namespace, { ...database, secrets, clients })
      this.objectStore = minio
      this.catalog = postgres
      this.charts = [minio.values, postgres.values]
    } else {
      // The database's servers bring their backups to the object store themselves.
      const minio = new Minio(this, namespace, {
        ...objectStore,
        secrets,
        clients: [...clients, ...objectStoreClients, { namespace, podLabels: cloudNativePgPods }],
      })
      this.objectStore = minio
      this.catalog = new CloudNativePg(this, namespace, { ...database, backups: minio, clients })
      this.charts = [minio.values]
    }
  }
}
