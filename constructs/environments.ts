import { Size } from 'cdk8s'
import type { Environment } from './environment.ts'
import { selectorLabels } from './labels.ts'

// Functions, so that a value which is wrong in itself, a negative size for example, is reported as any other mistake.

/** Fork the repository, then name the fork here: Argo CD reads what is committed there. */
const repository = { url: 'https://github.com/example/ducklake-platform.git', revision: 'main' }

/** The pods of the query service. */
const service = { namespace: 'ducklake', podLabels: selectorLabels('ducklake-service') }

/** One node is enough: one server of everything, and no operator needed. */
export const dev = (): Environment => ({
  name: 'dev',
  storage: {
    objectStore: {
      mode: { kind: 'standalone' },
      driveSize: Size.gibibytes(20),
      buckets: { lake: 'ducklake', raw: 'ducklake-raw', logs: 'ducklake-logs', backups: 'ducklake-backups' },
    },
    database: {
      provider: 'bitnami',
      database: 'ducklake_catalog',
      user: 'ducklake',
      volumeSize: Size.gibibytes(8),
      memory: Size.gibibytes(1),
    },
    secrets: 'kubectl',
    clients: [service],
  },
  gitOps: { repository },
})

/** Survives the loss of a node. Wants the operators CloudNativePG (with its Barman Cloud plugin) and External Secrets. */
export const production = (): Environment => ({
  name: 'production',
  storage: {
    objectStore: {
      mode: { kind: 'distributed', servers: 4, drivesPerServer: 1 },
      driveSize: Size.gibibytes(500),
      buckets: { lake: 'ducklake', raw: 'ducklake-raw', logs: 'ducklake-logs', backups: 'ducklake-backups' },
    },
    database: {
      provider: 'cloudnative-pg',
      database: 'ducklake_catalog',
      user: 'ducklake',
      instances: 3,
      volumeSize: Size.gibibytes(50),
      memory: Size.gibibytes(4),
    },
    secrets: 'external-secrets',
    clients: [service],
  },
  gitOps: { repository },
})
