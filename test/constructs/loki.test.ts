import { Duration, Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { LakeApp } from '../../constructs/lake-app.ts'
import { Logging } from '../../constructs/logging.ts'
import type { LokiConfig, PeriodConfig } from '../../constructs/loki/loki-config.ts'
import type { LokiProps } from '../../constructs/loki.ts'
import { fields } from '../../constructs/manifest.ts'
import { Storage } from '../../constructs/storage.ts'
import { everyLokiProp } from './every-logging-prop.ts'
import { at, manifestsOf, minimalStorage } from './synth.ts'

const volume = { kind: 'volume', volume: { size: Size.gibibytes(1) } } as const
const least: LokiProps = { generation: '2.9', memory: Size.mebibytes(256), cpu: Cpu.millis(200), store: volume }
const least3: LokiProps = { ...least, generation: '3', memory: Size.mebibytes(512) }

function render(props: LokiProps = least) {
  const app = new LakeApp('test')
  const objectStoreClients = props.store.kind === 'object-store' ? [{ namespace: 'logging' }] : []
  const { objectStore } = new Storage(app, { ...minimalStorage, objectStoreClients })
  new Logging(app, { loki: props, collector: 'promtail', objectStore, secrets: 'kubectl' })
  const manifests = manifestsOf(app.render())
  const config: LokiConfig = parse(String(fields(manifests.get('ConfigMap loki')?.data)['loki.yaml']))
  return { server: manifests.get('StatefulSet loki'), config }
}

describe('with the least props', () => {
  const { server, config } = render()
  it('keeps lines and index on its volume for a week, found by boltdb-shipper with the schema of Loki 3', () => {
    expect(config.common.storage).toEqual({ filesystem: { chunks_directory: '/loki/chunks', rules_directory: '/loki/rules' } })
    expect(config.schema_config.configs).toEqual([
      {
        from: '2023-01-01',
        store: 'boltdb-shipper',
        object_store: 'filesystem',
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ])
    expect(config.limits_config).toMatchObject({ retention_period: '168h', allow_structured_metadata: true })
    expect(config.compactor).toEqual({ working_directory: '/loki/compactor', retention_enabled: true })
  })

  it('listens where the Service says, and is one process with one copy of each line', () => {
    expect(config.server).toMatchObject({ http_listen_port: 3100, grpc_listen_port: 9096 })
    expect(config.common).toMatchObject({ replication_factor: 1, ring: { kvstore: { store: 'inmemory' } } })
    expect(at(server, 'spec.replicas')).toBe(1)
  })

  it('names both caches, so that neither takes its default of 1 GB', () => {
    expect(config.query_range.results_cache.cache.embedded_cache).toMatchObject({ enabled: true, max_size_mb: 100 })
    expect(config.chunk_store_config.chunk_cache_config.embedded_cache).toMatchObject({ enabled: true, max_size_mb: 32 })
  })

  it('replays its log within half of its memory, and lets the garbage collector know the limit', () => {
    expect(config.ingester.wal).toMatchObject({ dir: '/loki/wal', replay_memory_ceiling: '128MB', flush_on_shutdown: false })
    expect(at(server, 'spec.template.spec.containers.0.env')).toEqual([{ name: 'GOMEMLIMIT', value: '230MiB' }])
    expect(at(server, 'spec.template.spec.containers.0.resources.limits')).toMatchObject({ memory: '256Mi', cpu: '200m' })
  })

  it('speaks to the Alertmanager that there is, and reads rules where no one wipes them', () => {
    expect(config.ruler.enable_alertmanager_v2).toBe(true)
    expect(config.ruler.storage.local.directory).toBe('/etc/loki/rules')
    expect(config.ruler.rule_path).toBe('/loki/rules-temp')
    expect(at(server, 'spec.template.spec.containers.0.volumeMounts.1')).toMatchObject({
      mountPath: '/etc/loki/rules/fake',
      readOnly: true,
    })
  })

  it('is not restarted while it reads its log, nor by a readiness that comes late by design', () => {
    const container = at(server, 'spec.template.spec.containers.0')
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/ready' }, periodSeconds: 5, failureThreshold: 120 },
      readinessProbe: { httpGet: { path: '/ready' } },
    })
    expect(at(container, 'livenessProbe.httpGet.path')).not.toBe('/ready')
  })

  it('leaves its volume when the StatefulSet goes', () => {
    expect(at(server, 'spec.persistentVolumeClaimRetentionPolicy')).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' })
    expect(at(server, 'spec.volumeClaimTemplates.0.spec')).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    })
  })

  it('starts anew when its configuration changes, and only then', () => {
    const hash = (props: LokiProps) => at(render(props).server, 'spec.template.metadata.annotations')
    expect(hash({ ...least, cpu: Cpu.millis(300) })).toEqual(hash(least))
    expect(hash({ ...least, retention: Duration.days(8) })).not.toEqual(hash(least))
  })
})

describe('with every prop', () => {
  const { server, config } = render(everyLokiProp)
  it('each reaches the configuration or the pod', () => {
    expect(config.common.storage).toEqual({
      s3: {
        endpoint: 'minio.storage.svc.cluster.local:9000',
        insecure: true,
        region: 'us-east-1',
        bucketnames: 'logs',
        s3forcepathstyle: true,
      },
    })
    expect(config.limits_config).toMatchObject({
      retention_period: '336h',
      retention_stream: [{ selector: '{level="debug", namespace="apps"}', priority: 3, period: '24h' }],
    })
    expect(config.query_range.results_cache.cache.embedded_cache.max_size_mb).toBe(50)
    expect(config.chunk_store_config.chunk_cache_config.embedded_cache.max_size_mb).toBe(20)
    expect(at(server, 'spec.template.spec.containers.0')).toMatchObject({
      image: 'grafana/loki:3.7.8',
      resources: { limits: { memory: '768Mi', cpu: '500m' } },
    })
    expect(at(server, 'spec.volumeClaimTemplates.0.spec')).toMatchObject({
      storageClassName: 'fast',
      resources: { requests: { storage: '2Gi' } },
    })
  })

  it('has the keys of the object store from a Secret by the environment, and none in its configuration', () => {
    expect(at(server, 'spec.template.spec.containers.0.env')).toEqual([
      { name: 'GOMEMLIMIT', value: '691MiB' },
      { name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'minio-logs', key: 'accessKey' } } },
      { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'minio-logs', key: 'secretKey' } } },
    ])
  })

  it('keeps the periods of an older Loki readable beside its own', () => {
    const periods: readonly Partial<PeriodConfig>[] = [
      { from: '2024-05-01', store: 'boltdb-shipper', schema: 'v12', object_store: 's3' },
      { from: '2027-01-01', store: 'tsdb', schema: 'v13', object_store: 's3' },
    ]
    expect(config.schema_config.configs).toMatchObject(periods)
  })
})

describe('Loki 3', () => {
  const { config } = render(least3)
  it('has the keys that it wants, and none of those that it refuses', () => {
    expect(config.schema_config.configs).toMatchObject([{ store: 'tsdb', schema: 'v13' }])
    expect(config.compactor.delete_request_store).toBe('filesystem')
    expect(config.ruler).not.toHaveProperty('enable_alertmanager_v2')
  })

  it('adds no labels of its own, and has no more caches than the two', () => {
    expect(config.limits_config).toMatchObject({ discover_service_name: [], discover_log_levels: false })
    expect(Object.entries(config.query_range).filter(([key, value]) => key.startsWith('cache_') && value)).toEqual([
      ['cache_results', true],
    ])
  })
})

it('on an object store without a volume Loki writes what it holds when it stops, and is given the time', () => {
  const { server, config } = render({ ...least3, store: { kind: 'object-store' } })
  expect(config.ingester.wal.flush_on_shutdown).toBe(true)
  expect(at(server, 'spec.template.spec.terminationGracePeriodSeconds')).toBe(300)
  expect(at(server, 'spec.volumeClaimTemplates')).toBeUndefined()
  expect(at(server, 'spec.template.spec.volumes')).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '4Gi' } })
})

it('an index whose lines no retention deletes has no type', () => {
  // @ts-expect-error
  const index: PeriodConfig['store'] = 'boltdb'
  expect(index).toBe('boltdb')
})

const cached = (size: Size) => ({ resultsCache: size, chunkCache: size })
it.each<[string, Partial<LokiProps>]>([
  ['retention is 12 hours, Loki keeps whole index days: use at least Duration.days(1).', { retention: Duration.hours(12) }],
  ['retention is 36 hours, Loki keeps whole index days: use Duration.days(2).', { retention: Duration.hours(36) }],
  [
    'the retention of level=debug is 2 hours, Loki keeps whole index days: use at least Duration.days(1).',
    { streamRetention: [{ labels: { level: 'debug' }, period: Duration.hours(2) }] },
  ],
  ['an entry of streamRetention names no label', { streamRetention: [{ labels: {}, period: Duration.days(1) }] }],
  [
    'the priority of level=debug is 0, use a whole number from 1.',
    { streamRetention: [{ labels: { level: 'debug' }, period: Duration.days(1), priority: 0 }] },
  ],
  [
    'memory is 128Mi, but Loki 3 takes 180 MiB idle, its two caches up to 200 MiB and its work 40 MiB: use at least Size.mebibytes(420), or smaller caches.',
    { generation: '3', memory: Size.mebibytes(128), ...cached(Size.mebibytes(100)) },
  ],
  ['memory is 256Mi, but Loki 2.9 takes 80 MiB idle, its two caches up to 200 MiB', cached(Size.mebibytes(100))],
  ['chunkCache is 512Ki, use at least Size.mebibytes(1).', { chunkCache: Size.kibibytes(512) }],
  ["the volume's size is 512Mi, use at least Size.gibibytes(1)", { store: { kind: 'volume', volume: { size: Size.mebibytes(512) } } }],
  ['periods is empty', { periods: [] }],
  ['a period begins on "2026-02-30", use a day as YYYY-MM-DD.', { periods: [{ from: '2026-02-30', index: 'tsdb' }] }],
  [
    'the period of 2025-01-01 stands after that of 2025-01-01',
    {
      periods: [
        { from: '2025-01-01', index: 'boltdb-shipper' },
        { from: '2025-01-01', index: 'tsdb' },
      ],
    },
  ],
  [
    'the last period has schema v12, which drops structured metadata such as request_id without a word',
    { periods: [{ from: '2025-01-01', index: 'tsdb', schema: 'v12' }] },
  ],
  [
    'the last period has the index boltdb-shipper, and Loki 3 takes structured metadata only into tsdb: with Loki 2.9 add a period',
    { generation: '3', memory: Size.gibibytes(1), periods: [{ from: '2023-01-01', index: 'boltdb-shipper' }] },
  ],
])('refuses: %s', (sentence, props) => {
  expect(() => render({ ...least, ...props })).toThrow(`test/logging/loki: ${sentence}`)
})
