import { Size } from 'cdk8s'
import { describe, expect, it } from 'vitest'
import { LakeApp } from '../../constructs/lake-app.ts'
import type { PostgresProps } from '../../constructs/postgres.ts'
import { Storage, type StorageProps } from '../../constructs/storage.ts'
import { everyCloudNativePgProp, everyPostgresProp, everyProp } from './every-prop.ts'
import { at, manifestsOf, minimalStorage, renderStorage, valuesOf } from './synth.ts'

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
    expect(text).toContain("log_line_prefix = '%m [%p] %e %b %q[user=%u,db=%d,host=%h,app=%a]\\t'\n")
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
      walStorage: { size: '10Gi', storageClass: 'fast' },
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

  it('reaches MinIO and no other neighbour by its port, and is watched by who may', () => {
    const manifests = manifestsOf(renderStorage(props))
    const spec = at(manifests.get('NetworkPolicy postgres'), 'spec')
    const [store] = [at(spec, 'egress')].flat().filter(rule => at(rule, 'ports.0.port') === 9000)
    expect(at(store, 'to')).toMatchObject([{ podSelector: { matchLabels: { app: 'minio' } } }])
    const [watch] = [at(spec, 'ingress')].flat().filter(rule => at(rule, 'ports.0.port') === 9187)
    expect(JSON.stringify(at(watch, 'from'))).toContain('watch')
    expect(at(manifests.get('PodMonitor postgres'), 'spec')).toMatchObject({
      selector: { matchLabels: { 'cnpg.io/cluster': 'postgres' } },
      podMetricsEndpoints: [{ port: 'metrics' }],
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
