import type { HelmChart } from './helm-values.ts'
import type { Shape } from './values-shape.ts'
import { charts } from './versions.ts'

const image = { registry: 'string', repository: 'string', tag: 'string', pullPolicy: 'string' } as const
const sidecar = { enabled: 'boolean', label: 'string', labelValue: 'string', resource: 'string' } as const

/** The keys of Grafana's chart that we set. */
export const grafanaChart = {
  name: 'grafana',
  version: charts.grafana,
  keys: {
    fullnameOverride: 'string',
    image,
    replicas: 'integer',
    deploymentStrategy: { type: 'string' },
    admin: { existingSecret: 'string', userKey: 'string', passwordKey: 'string' },
    rbac: { create: 'boolean', namespaced: 'boolean', useExistingRole: 'string' },
    serviceAccount: { create: 'boolean', automountServiceAccountToken: 'boolean' },
    enableServiceLinks: 'boolean',
    securityContext: 'free',
    containerSecurityContext: 'free',
    resources: 'free',
    persistence: { enabled: 'boolean', size: 'string', storageClassName: 'string', accessModes: ['string'], annotations: 'free' },
    initChownData: { enabled: 'boolean' },
    testFramework: { enabled: 'boolean' },
    service: { type: 'string', port: 'integer' },
    sidecar: {
      image,
      resources: 'free',
      securityContext: 'free',
      dashboards: sidecar,
      datasources: sidecar,
    },
    'grafana.ini': 'free',
  },
} as const satisfies HelmChart<Shape>
