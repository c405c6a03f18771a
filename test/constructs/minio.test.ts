import { Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import type { StorageProps } from '../../constructs/storage.ts'
import { at, manifestsOf, minimalStorage, renderStorage, valuesOf } from './synth.ts'

const minio = (props: Partial<StorageProps['objectStore']> = {}) =>
  valuesOf(renderStorage({ ...minimalStorage, objectStore: { ...minimalStorage.objectStore, ...props } }), 'minio')
const distributed = { kind: 'distributed', servers: 4, drivesPerServer: 2 } as const

describe('MinIO', () => {
  it('is reached from outside by a load balancer only for the named networks', () => {
    const props = {
      ...minimalStorage,
      objectStore: { ...minimalStorage.objectStore, exposure: { kind: 'load-balancer', sourceRanges: ['192.0.2.0/24'] } as const },
    }
    const files = renderStorage(props)
    expect(valuesOf(files, 'minio')).toMatchObject({
      service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'], externalTrafficPolicy: 'Local' },
    })
    expect(at(manifestsOf(files).get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual({ ipBlock: { cidr: '192.0.2.0/24' } })
    expect(minio()).toMatchObject({ service: { type: 'ClusterIP' } })
  })

  it('gives no credential away: users come from Secrets, the chart makes none, and nothing is printed', () => {
    const values = minio()
    expect(values).toMatchObject({ users: [], svcaccts: [], existingSecret: 'minio-root' })
    const commands = (at(values, 'customCommands') ?? []) satisfies unknown
    const texts = JSON.parse(JSON.stringify(commands)).map((entry: { command: string }) => entry.command)
    expect(texts.filter((text: string) => text.startsWith('admin '))).toHaveLength(14)
    for (const text of texts.filter((text: string) => text.startsWith('admin ')))
      expect(text).toMatch(/"\$\(cat \/mnt\/users\/[a-z-]+\/accessKey\)".* >\/dev\/null$/)
  })

  it('gives each user the rights of its class and no more', () => {
    const rights = Object.fromEntries(
      JSON.parse(JSON.stringify(minio().policies)).map(
        (policy: { name: string; statements: { actions: string[]; resources: string[] }[] }) => [policy.name, policy.statements[1]],
      ),
    )
    expect(rights['lake-reader']).toMatchObject({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::lake/*'] })
    expect(rights['lake-writer'].actions).toContain('s3:PutObject')
    expect(rights['lake-writer'].actions).not.toContain('s3:DeleteObject')
    expect(rights['lake-maintenance'].actions).toContain('s3:DeleteObject')
    expect(rights['publication-reader']).toEqual({
      effect: 'Allow',
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::lake/tables/*', 'arn:aws:s3:::lake/published/*'],
    })
    expect(Object.keys(rights)).toEqual(['lake-reader', 'lake-writer', 'lake-maintenance', 'publication-reader', 'raw', 'logs', 'backups'])
  })

  it('keeps its data when the release goes, and never runs two servers on one volume', () => {
    expect(minio()).toMatchObject({
      persistence: { annotations: { 'helm.sh/resource-policy': 'keep', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } },
      deploymentUpdate: { type: 'Recreate' },
    })
    expect(minio({ mode: distributed })).not.toHaveProperty('deploymentUpdate')
  })

  it('is ready when its server is, and stops without waiting for the sidecar', () => {
    expect(at(minio(), 'extraContainers.0')).toMatchObject({
      command: ['/bin/sh', '-c', "trap 'exit 0' TERM; sleep infinity & wait"],
      readinessProbe: { httpGet: { path: '/minio/health/ready', port: 9000 }, periodSeconds: 5, failureThreshold: 2 },
    })
    expect(at(minio({ mode: distributed }), 'extraContainers.0.readinessProbe')).toMatchObject({
      httpGet: { path: '/minio/health/cluster' },
      initialDelaySeconds: 45,
    })
  })

  it('gives the setup Job the memory that deriving a key takes', () => {
    for (const job of ['makePolicyJob', 'makeBucketJob', 'customCommandJob'])
      expect(at(minio(), `${job}.resources.limits.memory`)).toBe('256Mi')
  })

  it('does not open its metrics by accident, nor restart for a changed policy', () => {
    expect(minio()).toMatchObject({ metrics: { serviceMonitor: { enabled: false, public: false } }, ignoreChartChecksums: true })
  })

  it.each<[string, Partial<StorageProps['objectStore']>]>([
    [
      '3 servers with 1 drive(s) each are 3 drives, distributed MinIO needs at least 4',
      { mode: { kind: 'distributed', servers: 3, drivesPerServer: 1 } },
    ],
    ['17 drives do not divide into equal sets of 4 to 16', { mode: { kind: 'distributed', servers: 17, drivesPerServer: 1 } }],
    ['servers is 4.5, use a whole number from 1', { mode: { kind: 'distributed', servers: 4.5, drivesPerServer: 1 } }],
    ['driveSize is 0Gi, use at least Size.gibibytes(1)', { driveSize: Size.gibibytes(0) }],
    ['keepDeletedDays is 0, use a whole number of days from 1 to 365', { keepDeletedDays: 0 }],
    [
      'the bucket name "My_Lake" (lake) is none that S3 takes',
      { buckets: { lake: 'My_Lake', raw: 'raw', logs: 'logs', backups: 'backups' } },
    ],
    ['the bucket name "ab" (raw) is none that S3 takes', { buckets: { lake: 'lake', raw: 'ab', logs: 'logs', backups: 'backups' } }],
    ['the buckets lake and raw are both called "lake"', { buckets: { lake: 'lake', raw: 'lake', logs: 'logs', backups: 'backups' } }],
  ])('refuses: %s', (sentence, props) => {
    expect(() => minio(props)).toThrow(`test/storage/minio: ${sentence}`)
  })
})
