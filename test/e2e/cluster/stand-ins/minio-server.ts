import { fields, list, type Manifest } from '../../../../constructs/manifest.ts'
import { imageOf, readValues, securityOf } from './chart-values.ts'

const namespace = 'storage'
const labels = { app: 'minio', release: 'minio' }

/** The volume outlives the rest, as the chart's does: it is applied with them and deleted by nobody. */
export function minioVolume(): Manifest {
  const { persistence } = readValues('minio')
  const { accessMode, size } = fields(persistence)
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'minio', namespace, labels },
    spec: { accessModes: [accessMode], resources: { requests: { storage: size } } },
  }
}

/** MinIO's administrator, out of the chart's Secret, by the server's own names. */
export function rootCredentials({ existingSecret }: Readonly<Record<string, unknown>>) {
  const variable = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: existingSecret, key } } })
  return [variable('MINIO_ROOT_USER', 'rootUser'), variable('MINIO_ROOT_PASSWORD', 'rootPassword')]
}

/** One MinIO under the names, labels and limits of the chart. */
export function minioServer(): Manifest[] {
  const values = readValues('minio')
  const plain = Object.entries(fields(values.environment)).map(([name, value]) => ({ name, value }))
  const ready = list(values.extraContainers).map(fields)[0]?.readinessProbe
  const container = {
    name: 'minio',
    image: imageOf(values),
    command: ['minio', 'server', '/export', '--address=:9000', '--console-address=:9001', '--certs-dir=/tmp/certs'],
    env: [...rootCredentials(values), ...plain],
    ports: [{ name: 'http', containerPort: 9000 }],
    readinessProbe: ready,
    resources: values.resources,
    securityContext: values.containerSecurityContext,
    volumeMounts: [{ name: 'export', mountPath: '/export' }, ...list(values.extraVolumeMounts)],
  }
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'minio', namespace, labels },
      spec: { selector: labels, ports: [{ name: 'http', port: Number(fields(values.service).port), targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'minio', namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        strategy: values.deploymentUpdate,
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: securityOf(values.securityContext),
            containers: [container],
            volumes: [{ name: 'export', persistentVolumeClaim: { claimName: 'minio' } }, ...list(values.extraVolumes)],
          },
        },
      },
    },
  ]
}
