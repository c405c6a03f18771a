import { fields, type Manifest } from '../../../../constructs/manifest.ts'
import { podSecurity } from '../../../../constructs/security-context.ts'
import { imageOf, readValues } from './chart-values.ts'

const namespace = 'storage'
const labels = { 'app.kubernetes.io/instance': 'postgres', 'app.kubernetes.io/name': 'postgresql' }

/** One PostgreSQL under the names, labels, settings and limits of the chart. Its volume outlives it. */
export function postgresServer(): Manifest[] {
  const values = readValues('postgres')
  const { existingSecret, username, database, secretKeys } = fields(values.auth)
  const { adminPasswordKey, userPasswordKey } = fields(secretKeys)
  const items = [
    { key: adminPasswordKey, path: 'administrator' },
    { key: userPasswordKey, path: 'user' },
  ]
  const primary = fields(values.primary)
  const { size, accessModes } = fields(primary.persistence)
  const container = {
    name: 'postgresql',
    image: imageOf(values),
    env: [
      { name: 'POSTGRES_USER', value: username },
      { name: 'POSTGRES_DATABASE', value: database },
    ],
    ports: [{ name: 'tcp-postgresql', containerPort: 5432 }],
    // The chart asks `pg_isready`, which the packaged programs lack.
    readinessProbe: { tcpSocket: { port: 'tcp-postgresql' }, initialDelaySeconds: 1, periodSeconds: 5 },
    lifecycle: primary.lifecycleHooks,
    resources: primary.resources,
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'data', mountPath: '/var/lib/postgresql' },
      { name: 'auth', mountPath: '/etc/postgres-auth', readOnly: true },
      { name: 'settings', mountPath: '/etc/postgresql', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'shm', mountPath: '/dev/shm' },
    ],
  }
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'postgres-extended-configuration', namespace, labels },
      data: { 'override.conf': primary.extendedConfiguration },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'postgres', namespace, labels },
      spec: { selector: labels, ports: [{ name: 'tcp-postgresql', port: 5432, targetPort: 'tcp-postgresql' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'postgres', namespace, labels },
      spec: {
        replicas: 1,
        serviceName: 'postgres',
        selector: { matchLabels: labels },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity,
            containers: [container],
            volumes: [
              { name: 'auth', projected: { sources: [{ secret: { name: existingSecret, items } }] } },
              { name: 'settings', configMap: { name: 'postgres-extended-configuration' } },
              { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
              { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: fields(values.shmVolume).sizeLimit } },
            ],
          },
        },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes, resources: { requests: { storage: size } } } }],
      },
    },
  ]
}
