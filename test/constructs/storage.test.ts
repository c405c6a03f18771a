import { Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import type { CloudNativePgProps } from '../../constructs/cloudnative-pg.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import type { MinioProps } from '../../constructs/minio.ts'
import type { PostgresProps } from '../../constructs/postgres.ts'
import { Storage, type StorageProps } from '../../constructs/storage.ts'
import { at, manifestsOf, minimalStorage, renderStorage, valuesOf } from './synth.ts'

const minio = (props: Partial<StorageProps['objectStore']> = {}) =>
  valuesOf(renderStorage({ ...minimalStorage, objectStore: { ...minimalStorage.objectStore, ...props } }), 'minio')
const distributed = { kind: 'distributed', servers: 4, drivesPerServer: 2 } as const

const everyMinioProp: Required<Omit<MinioProps, 'secrets' | 'clients'>> = {
  mode: distributed,
  driveSize: Size.mebibytes(1536),
  storageClass: 'fast',
  buckets: { lake: 'l-1', raw: 'r-1', logs: 'o-1', backups: 'b-1' },
  keepDeletedDays: 7,
  exposure: { kind: 'ingress', host: 's3.example', className: 'nginx', tlsSecret: 's3-tls', controllerNamespace: 'ingress-nginx' },
}
const everyPostgresProp: Required<Omit<PostgresProps, 'secrets' | 'clients'>> = {
  database: 'db_1',
  user: 'me',
  volumeSize: Size.gibibytes(3),
  storageClass: 'fast',
  memory: Size.gibibytes(2),
}
const everyCloudNativePgProp: Required<Omit<CloudNativePgProps, 'backups' | 'clients'>> = {
  ...everyPostgresProp,
  instances: 3,
  keepBackupsDays: 9,
}
const everyProp: Required<StorageProps> = {
  namespace: 'store',
  objectStore: everyMinioProp,
  database: { provider: 'bitnami', ...everyPostgresProp },
  secrets: 'kubectl',
  clients: [{ namespace: 'apps', podLabels: { app: 'web' } }],
}

describe('with the least props', () => {
  const files = renderStorage()
  it('is two charts, a namespace and its network', () => {
    expect(files.map(file => file.path)).toEqual([
      'dist/test/00-namespaces.k8s.yaml',
      'dist/test/storage.k8s.yaml',
      'helm-values/test/minio-values.yaml',
      'helm-values/test/postgres-values.yaml',
    ])
    expect([...manifestsOf(files).keys()]).toEqual([
      'Namespace storage',
      'ServiceAccount default',
      'NetworkPolicy default-deny',
      'NetworkPolicy minio',
      'NetworkPolicy minio-job',
      'NetworkPolicy postgres',
    ])
  })

  it('lets in nobody but the setup Job', () => {
    const manifests = manifestsOf(files)
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toEqual([
      { podSelector: { matchLabels: { app: 'minio-job', release: 'minio' } } },
    ])
    expect(at(manifests.get('NetworkPolicy postgres'), 'spec')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'postgres', 'app.kubernetes.io/name': 'postgresql' } },
      policyTypes: ['Ingress', 'Egress'],
    })
    expect(at(manifests.get('ServiceAccount default'), 'automountServiceAccountToken')).toBe(false)
  })
})

describe('with every prop', () => {
  const files = renderStorage(everyProp)
  it('each reaches the values or the manifests', () => {
    const [values, postgres, manifests] = [valuesOf(files, 'minio'), valuesOf(files, 'postgres'), manifestsOf(files)]
    expect(values).toMatchObject({
      mode: 'distributed',
      replicas: 4,
      drivesPerNode: 2,
      persistence: { size: '1536Mi', storageClass: 'fast' },
      buckets: [{ name: 'l-1' }, { name: 'r-1' }, { name: 'o-1' }, { name: 'b-1' }],
      ingress: { enabled: true, ingressClassName: 'nginx', hosts: ['s3.example'], tls: [{ secretName: 's3-tls', hosts: ['s3.example'] }] },
    })
    expect(JSON.stringify(at(values, 'customCommands'))).toContain('\\"NoncurrentDays\\":7')
    expect(postgres).toMatchObject({
      auth: { username: 'me', database: 'db_1' },
      primary: { persistence: { size: '3Gi', storageClass: 'fast' }, resources: { limits: { memory: '2Gi' } } },
    })
    expect(String(at(postgres, 'primary.extendedConfiguration'))).toContain("shared_buffers = '512MB'")
    const client = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'apps' } },
      podSelector: { matchLabels: { app: 'web' } },
    }
    expect(at(manifests.get('NetworkPolicy postgres'), 'spec.ingress.0.from')).toEqual([client])
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual(client)
    expect(at(manifests.get('NetworkPolicy minio'), 'spec.ingress.0.from')).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
    })
    expect(manifests.get('Namespace store')?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' })
    expect(at(manifests.get('PodDisruptionBudget minio'), 'spec')).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    })
  })

  it('and its outputs say where everything is', () => {
    const storage = new Storage(new LakeApp('test'), everyProp)
    expect(storage.objectStore).toMatchObject({
      url: 'http://minio.store.svc.cluster.local:9000',
      region: 'us-east-1',
      tls: false,
      buckets: { lake: 'l-1' },
    })
    expect(storage.objectStore.credentials.lakeReader).toMatchObject({
      accessKey: { namespace: 'store', secret: 'minio-lake-reader', key: 'accessKey' },
    })
    expect(storage.catalog).toMatchObject({
      host: 'postgres.store.svc.cluster.local',
      port: 5432,
      name: 'db_1',
      user: 'me',
      password: { namespace: 'store', secret: 'postgres-auth', key: 'password' },
      administrator: { user: 'postgres', password: { secret: 'postgres-auth', key: 'postgres-password' } },
    })
  })
})

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
    expect(texts.filter((text: string) => text.startsWith('admin '))).toHaveLength(12)
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
    expect(Object.keys(rights)).toEqual(['lake-reader', 'lake-writer', 'lake-maintenance', 'raw', 'logs', 'backups'])
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

describe('PostgreSQL by Bitnami’s chart', () => {
  const values = valuesOf(renderStorage(), 'postgres')
  it('uses the image that can still be had, and Secrets for both passwords', () => {
    expect(values).toMatchObject({
      image: { repository: 'bitnamilegacy/postgresql', tag: '17.6.0-debian-12-r4' },
      global: { security: { allowInsecureImages: true } },
      auth: { existingSecret: 'postgres-auth', secretKeys: { adminPasswordKey: 'postgres-password', userPasswordKey: 'password' } },
    })
  })

  it('stops without waiting for its clients', () => {
    expect(at(values, 'primary.lifecycleHooks.preStop.exec.command')).toEqual(['/bin/sh', '-c', 'kill -INT 1'])
  })

  it('logs what the parsers read, in English and UTC', () => {
    const text = String(at(values, 'primary.extendedConfiguration'))
    expect(text).toContain("lc_messages = 'C'\n")
    expect(text).toContain("log_timezone = 'UTC'\n")
    expect(text).toContain("log_line_prefix = '%m [%p] %e %b %q[user=%u,db=%d,host=%h,app=%a] '\n")
  })

  it.each<[string, Partial<PostgresProps>]>([
    ['database is "Lake", use 1 to 63 lower-case letters', { database: 'Lake' }],
    ['user is "postgres", which is the administrator', { user: 'postgres' }],
    ['memory is 256Mi, use at least Size.mebibytes(512)', { memory: Size.mebibytes(256) }],
    ['volumeSize is 512Mi, use at least Size.gibibytes(1)', { volumeSize: Size.mebibytes(512) }],
  ])('refuses: %s', (sentence, props) => {
    const database = { provider: 'bitnami', ...everyPostgresProp, ...props } as const
    expect(() => renderStorage({ ...minimalStorage, database })).toThrow(`test/storage/postgres: ${sentence}`)
  })
})

describe('CloudNativePG behind the same outputs', () => {
  const props: StorageProps = {
    ...everyProp,
    database: { provider: 'cloudnative-pg', ...everyCloudNativePgProp },
    secrets: 'external-secrets',
  }
  it('puts every prop into its resources', () => {
    const manifests = manifestsOf(renderStorage(props))
    expect(at(manifests.get('Cluster postgres'), 'spec')).toMatchObject({
      instances: 3,
      bootstrap: { initdb: { database: 'db_1', owner: 'me' } },
      storage: { size: '3Gi', storageClass: 'fast' },
      resources: { limits: { memory: '2Gi' } },
      postgresql: { parameters: { lc_messages: 'C', shared_buffers: '512MB' } },
    })
    expect(at(manifests.get('ObjectStore postgres-backups'), 'spec')).toMatchObject({
      retentionPolicy: '9d',
      configuration: {
        destinationPath: 's3://b-1/postgres',
        endpointURL: 'http://minio.store.svc.cluster.local:9000',
        s3Credentials: { accessKeyId: { name: 'minio-backups', key: 'accessKey' } },
      },
    })
    expect(manifests.get('ScheduledBackup postgres-nightly')).toBeDefined()
  })

  it('says where the database is', () => {
    expect(new Storage(new LakeApp('test'), props).catalog).toMatchObject({
      host: 'postgres-rw.store.svc.cluster.local',
      name: 'db_1',
      user: 'me',
      password: { secret: 'postgres-app', key: 'password' },
      administrator: { user: 'postgres', password: { secret: 'postgres-superuser' } },
    })
  })

  it('lets its servers bring their backups to the object store', () => {
    const from = at(manifestsOf(renderStorage(props)).get('NetworkPolicy minio'), 'spec.ingress.0.from')
    expect(from).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'store' } },
      podSelector: { matchLabels: { 'cnpg.io/cluster': 'postgres' } },
    })
  })

  it('refuses two instances', () => {
    const database = { provider: 'cloudnative-pg', ...everyCloudNativePgProp, instances: 2 } as const
    expect(() => renderStorage({ ...props, database })).toThrow('test/storage/postgres: instances is 2, use at least 3')
  })

  it('has every value made once by the External Secrets operator', () => {
    const manifests = manifestsOf(renderStorage(props))
    expect(at(manifests.get('Password minio-root'), 'spec')).toMatchObject({
      length: 32,
      symbols: 0,
      secretKeys: ['rootUser', 'rootPassword'],
    })
    expect(at(manifests.get('ExternalSecret minio-root'), 'spec')).toMatchObject({
      refreshPolicy: 'CreatedOnce',
      target: { name: 'minio-root', creationPolicy: 'Orphan', immutable: true },
    })
  })
})
