import { Size } from 'cdk8s'
import type { CloudNativePgProps } from '../../constructs/cloudnative-pg.ts'
import type { MinioProps } from '../../constructs/minio.ts'
import type { PostgresProps } from '../../constructs/postgres.ts'
import type { StorageProps } from '../../constructs/storage.ts'

// Every prop there is, none of them at its default: a new prop does not compile until it stands here.

export const everyMinioProp: Required<Omit<MinioProps, 'secrets' | 'clients'>> = {
  mode: { kind: 'distributed', servers: 4, drivesPerServer: 2 },
  driveSize: Size.mebibytes(1536),
  storageClass: 'fast',
  buckets: { lake: 'l-1', raw: 'r-1', logs: 'o-1', backups: 'b-1' },
  keepDeletedDays: 7,
  exposure: { kind: 'ingress', host: 's3.example', className: 'nginx', tlsSecret: 's3-tls', controllerNamespace: 'ingress-nginx' },
}
export const everyPostgresProp: Required<Omit<PostgresProps, 'secrets' | 'clients'>> = {
  database: 'db_1',
  user: 'me',
  volumeSize: Size.gibibytes(3),
  storageClass: 'fast',
  memory: Size.gibibytes(2),
}
export const everyCloudNativePgProp: Required<Omit<CloudNativePgProps, 'backups' | 'clients'>> = {
  ...everyPostgresProp,
  instances: 3,
  keepBackupsDays: 9,
  scrapers: [{ namespace: 'watch' }],
}
export const everyProp: Required<StorageProps> = {
  namespace: 'store',
  objectStore: everyMinioProp,
  database: { provider: 'bitnami', ...everyPostgresProp },
  secrets: 'kubectl',
  clients: [{ namespace: 'apps', podLabels: { app: 'web' } }],
  objectStoreClients: [{ namespace: 'logs' }],
}
