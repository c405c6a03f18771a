import { fields, list, type Manifest } from '../../../../constructs/manifest.ts'
import { imageOf, readValues, securityOf } from './chart-values.ts'
import { rootCredentials } from './minio-server.ts'

const namespace = 'storage'
const labels = { app: 'minio-job', release: 'minio' }

/** Buckets, policies, users and rules of the chart's values, by the same commands. */
export function minioJob(): Manifest[] {
  const values = readValues('minio')
  const job = fields(values.customCommandJob)
  const container = {
    name: 'set-up',
    image: imageOf(values),
    command: ['sh', '-eu', '/etc/minio-job/set-up.sh'],
    env: [{ name: 'MC_CONFIG_DIR', value: '/tmp/mc' }, ...rootCredentials(values)],
    resources: job.resources,
    securityContext: job.containerSecurityContext,
    volumeMounts: [
      { name: 'commands', mountPath: '/etc/minio-job', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...list(job.extraVolumeMounts),
    ],
  }
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'minio-job', namespace, labels },
      data: { 'set-up.sh': script(values), ...policyFiles(values) },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'minio-post-job', namespace, labels },
      spec: {
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            restartPolicy: 'OnFailure',
            securityContext: securityOf(fields(values.postJob).securityContext),
            containers: [container],
            volumes: [
              { name: 'commands', configMap: { name: 'minio-job' } },
              { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
              ...list(job.extraVolumes),
            ],
          },
        },
      },
    },
  ]
}

function script(values: Readonly<Record<string, unknown>>): string {
  const buckets = list(values.buckets).map(fields)
  return [
    'until mc alias set myminio http://minio:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" >/dev/null; do sleep 1; done',
    ...buckets.map(({ name }) => `mc mb --ignore-existing myminio/${name}`),
    ...buckets.filter(({ versioning }) => versioning).map(({ name }) => `mc version enable myminio/${name}`),
    ...policyNames(values).map(name => `mc admin policy create myminio ${name} /etc/minio-job/${name}.json`),
    ...list(values.customCommands).map(entry => `mc ${fields(entry).command}`),
    '',
  ].join('\n')
}

function policyFiles(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const statement = ({ effect, actions, resources }: Readonly<Record<string, unknown>>) => ({
    Effect: effect,
    Action: actions,
    Resource: resources,
  })
  return Object.fromEntries(
    list(values.policies).map(policy => {
      const { name, statements } = fields(policy)
      return [`${name}.json`, JSON.stringify({ Version: '2012-10-17', Statement: list(statements).map(fields).map(statement) })]
    }),
  )
}

function policyNames(values: Readonly<Record<string, unknown>>): string[] {
  return list(values.policies).map(policy => String(fields(policy).name))
}
