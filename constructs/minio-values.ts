import type { HelmChart } from './helm-values.ts'
import type { Shape } from './values-shape.ts'
import { charts } from './versions.ts'

const container = { securityContext: { enabled: 'boolean' }, containerSecurityContext: 'free', resources: 'free' } as const
const image = { repository: 'string', tag: 'string', pullPolicy: 'string' } as const
const service = { type: 'string', port: 'string', loadBalancerSourceRanges: ['string'], externalTrafficPolicy: 'string' } as const

/** The keys of MinIO's official chart that we set. */
export const minioChart = {
  name: 'minio',
  version: charts.minio,
  keys: {
    mode: 'string',
    replicas: 'integer',
    drivesPerNode: 'integer',
    pools: 'integer',
    image,
    mcImage: image,
    deploymentUpdate: { type: 'string' },
    ignoreChartChecksums: 'boolean',
    existingSecret: 'string',
    environment: 'free',
    persistence: { enabled: 'boolean', size: 'string', storageClass: 'string', accessMode: 'string', annotations: 'free' },
    service,
    consoleService: service,
    ingress: {
      enabled: 'boolean',
      ingressClassName: 'string',
      annotations: 'free',
      path: 'string',
      hosts: ['string'],
      tls: [{ secretName: 'string', hosts: ['string'] }],
    },
    metrics: { serviceMonitor: { enabled: 'boolean', public: 'boolean' } },
    networkPolicy: { enabled: 'boolean' },
    podDisruptionBudget: { enabled: 'boolean' },
    serviceAccount: { create: 'boolean' },
    resources: 'free',
    securityContext: 'free',
    containerSecurityContext: 'free',
    affinity: 'free',
    extraVolumes: 'free',
    extraVolumeMounts: 'free',
    extraContainers: 'free',
    buckets: [{ name: 'string', policy: 'string', purge: 'boolean', versioning: 'boolean', objectlocking: 'boolean' }],
    policies: [{ name: 'string', statements: [{ effect: 'string', actions: ['string'], resources: ['string'] }] }],
    users: ['free'],
    svcaccts: ['free'],
    customCommands: [{ command: 'string' }],
    postJob: { securityContext: 'free' },
    makePolicyJob: container,
    makeBucketJob: container,
    customCommandJob: { ...container, extraVolumes: 'free', extraVolumeMounts: 'free' },
  },
} as const satisfies HelmChart<Shape>
