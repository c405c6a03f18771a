import type { HelmChart } from './helm-values.ts'
import type { Shape } from './values-shape.ts'
import { charts } from './versions.ts'

const probe = { enabled: 'boolean', initialDelaySeconds: 'integer', periodSeconds: 'integer' } as const

/** The keys of Bitnami's PostgreSQL chart that we set. */
export const postgresChart = {
  name: 'postgresql',
  version: charts.postgresql,
  keys: {
    global: { security: { allowInsecureImages: 'boolean' } },
    fullnameOverride: 'string',
    image: { registry: 'string', repository: 'string', tag: 'string', pullPolicy: 'string' },
    architecture: 'string',
    auth: {
      username: 'string',
      database: 'string',
      existingSecret: 'string',
      secretKeys: { adminPasswordKey: 'string', userPasswordKey: 'string' },
    },
    shmVolume: { enabled: 'boolean', sizeLimit: 'string' },
    primary: {
      extendedConfiguration: 'string',
      readinessProbe: probe,
      lifecycleHooks: 'free',
      resources: 'free',
      pdb: { create: 'boolean' },
      networkPolicy: { enabled: 'boolean', allowExternal: 'boolean' },
      service: { type: 'string', ports: { postgresql: 'integer' } },
      persistence: { enabled: 'boolean', storageClass: 'string', accessModes: ['string'], size: 'string' },
      persistentVolumeClaimRetentionPolicy: { enabled: 'boolean', whenScaled: 'string', whenDeleted: 'string' },
    },
  },
} as const satisfies HelmChart<Shape>
