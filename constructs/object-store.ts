import type { NetworkPeer } from './network-peer.ts'
import type { SecretKey } from './secret-key.ts'

/** What each bucket is for. Only the lake's own files lie in `lake`: DuckLake deletes what it does not know there. */
export type BucketPurpose = 'lake' | 'raw' | 'logs' | 'backups'

/** Where in the bucket `lake` its tables lie, and the logs of published ones. */
export const lakePrefixes = { tables: 'tables/', published: 'published/' } as const

/** Who may do what: reader lists and gets; writer also puts; maintenance also deletes. The publication reader is for other engines, which read
 * published tables past the service. The others own their one bucket. */
export type StoreUser = 'lakeReader' | 'lakeWriter' | 'lakeMaintenance' | 'publicationReader' | 'raw' | 'logs' | 'backups'

export interface StoreCredentials {
  readonly accessKey: SecretKey
  readonly secretKey: SecretKey
}

/** An S3 service as its clients see it, whoever provides it. Buckets are addressed by path, not by host name. */
export interface ObjectStore {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** `http://host:port`. */
  readonly url: string
  readonly region: string
  /** Its pods, for the policies of those who connect to it; absent if it is outside of the cluster. */
  readonly pods?: NetworkPeer
  readonly buckets: Readonly<Record<BucketPurpose, string>>
  readonly credentials: Readonly<Record<StoreUser, StoreCredentials>>
}
