import { Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { describe, expect, it } from 'vitest'
import { alerts } from '../../constructs/ducklake-service/service-monitoring.ts'
import { servicePods } from '../../constructs/ducklake-service/service-network.ts'
import { DuckLakeService, type DuckLakeServiceProps } from '../../constructs/ducklake-service.ts'
import { LakeApp } from '../../constructs/lake-app.ts'
import { fields } from '../../constructs/manifest.ts'
import { Storage, type StorageProps } from '../../constructs/storage.ts'
import { drainTimeoutMs } from '../../service/settings.ts'
import { everyCloudNativePgProp } from './every-prop.ts'
import { everyServiceProp } from './every-service-prop.ts'
import { at, manifestsOf, minimalStorage } from './synth.ts'

type Props = Omit<DuckLakeServiceProps, 'objectStore' | 'catalog'>

const minimal: Props = {
  secrets: 'kubectl',
  replicas: 1,
  memory: Size.gibibytes(6),
  cpu: Cpu.millis(500),
  engineMemory: Size.mebibytes(256),
  spill: Size.gibibytes(4),
  spool: Size.gibibytes(10),
}

function render(props: Props = minimal, storageProps: StorageProps = minimalStorage) {
  const app = new LakeApp('test')
  const clients = [{ namespace: props.namespace ?? 'ducklake', podLabels: servicePods }]
  const { objectStore, catalog } = new Storage(app, { ...storageProps, clients })
  const service = new DuckLakeService(app, { ...props, objectStore, catalog })
  const manifests = manifestsOf(app.render().filter(({ path }) => path.endsWith('/ducklake-service.k8s.yaml')))
  const deployment = manifests.get('Deployment ducklake-service')
  return {
    manifests,
    deployment,
    url: service.url,
    pod: at(deployment, 'spec.template.spec'),
    settings: fields(manifests.get('ConfigMap ducklake-service')?.data),
  }
}

describe('with the least props', () => {
  const { manifests, deployment, pod, settings, url } = render()
  it('is one Deployment with its Service, its settings and its network', () => {
    expect([...manifests.keys()]).toEqual([
      'NetworkPolicy default-deny',
      'ServiceAccount ducklake-service',
      'ConfigMap ducklake-service',
      'Service ducklake-service',
      'Deployment ducklake-service',
      'NetworkPolicy ducklake-service-in',
      'NetworkPolicy ducklake-service-out',
    ])
    expect(url).toBe('http://ducklake-service.ducklake.svc.cluster.local:8080')
  })

  it('starts a new pod before an old one goes', () => {
    expect(at(deployment, 'spec.strategy')).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } })
  })

  it('may take as long to stop as the service does', () => {
    const grace = Number(at(pod, 'terminationGracePeriodSeconds')) * 1_000
    expect(grace).toBeGreaterThan(Number(settings.SHUTDOWN_DELAY_MS) + drainTimeoutMs)
  })

  it('waits for its servers instead of being restarted for them', () => {
    expect(at(pod, 'containers.0')).toMatchObject({
      startupProbe: { httpGet: { path: '/livez', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
    })
  })

  it('gives the administrator’s password to the migration alone', () => {
    const mounts = (path: string) => JSON.stringify(at(pod, path))
    expect(mounts('initContainers.0.volumeMounts')).toContain('/etc/ducklake/administrator')
    expect(mounts('containers.0.volumeMounts')).not.toContain('administrator')
    expect(JSON.stringify(settings)).not.toMatch(/ADMIN_(PASSWORD|KEY)/)
  })

  it('has no secret in its environment, only where each lies', () => {
    const paths = Object.entries(settings).filter(([name]) => /PASSWORD|SECRET|KEY_ID|TOKEN/.test(name))
    expect(paths.length).toBe(14)
    for (const [name, path] of paths) expect(path).toBe(`/etc/ducklake/secrets/${name.replace(/_FILE$/, '')}`)
    const items = [at(pod, 'volumes.0.projected.sources')].flat().flatMap(source => at(source, 'secret.items'))
    expect(items.flatMap(item => at(item, 'path')).sort()).toEqual(paths.map(([name]) => name.replace(/_FILE$/, '')).sort())
  })

  it('writes to two volumes of a known size and nowhere else', () => {
    expect(at(pod, 'volumes.2')).toEqual({ name: 'lake', emptyDir: { sizeLimit: '4Gi' } })
    expect(at(pod, 'volumes.3')).toEqual({ name: 'spool', emptyDir: { sizeLimit: '10Gi' } })
    expect(at(pod, 'containers.0.securityContext.readOnlyRootFilesystem')).toBe(true)
    expect(at(pod, 'containers.0.resources.limits')).toMatchObject({ memory: '6Gi', 'ephemeral-storage': `${14 * 1024 + 256}Mi` })
  })

  it('has no account that the API server knows it by', () => {
    expect(pod).toMatchObject({ serviceAccountName: 'ducklake-service', automountServiceAccountToken: false, enableServiceLinks: false })
  })

  it('talks to the object store, the database and the name service, and nobody talks to it', () => {
    const egress = [at(manifests.get('NetworkPolicy ducklake-service-out'), 'spec.egress')].flat()
    expect(egress.map(rule => at(rule, 'ports.0.port'))).toEqual([9000, 5432, 53])
    for (const rule of egress) expect(at(rule, 'to.0.namespaceSelector')).toBeDefined()
    expect(at(manifests.get('NetworkPolicy ducklake-service-in'), 'spec')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'ducklake-service', 'app.kubernetes.io/instance': 'ducklake-service' } },
      policyTypes: ['Ingress'],
    })
  })

  it('starts anew when a setting changes, and only then', () => {
    const hash = (props: Partial<Props>) =>
      at(render({ ...minimal, ...props }).deployment, 'spec.template.metadata.annotations.checksum/config')
    expect(hash({ cpu: Cpu.millis(600) })).toBe(hash({}))
    expect(hash({ settings: { QUERY_MAX_ROWS: 5 } })).not.toBe(hash({}))
  })
})

describe('with every prop', () => {
  const { manifests, deployment, pod, settings } = render(everyServiceProp)
  it('each reaches the manifests', () => {
    expect(deployment?.metadata.namespace).toBe('lake')
    expect(at(pod, 'containers.0')).toMatchObject({
      image: 'registry.example/lake:2',
      resources: {
        requests: { cpu: '250m', memory: '8Gi' },
        limits: { cpu: '1500m', memory: '8Gi', 'ephemeral-storage': `${20 * 1024 + 256}Mi` },
      },
    })
    expect(settings).toMatchObject({
      ENGINES: '3',
      LOG_SQL: 'true',
      OIDC_AUDIENCE: 'lake',
      ENGINE_MEMORY_MB: '512',
      ENGINE_DATA_LIMIT_MB: '1024',
      LINEAGE_URL: 'http://marquez.lineage:5000/api/v1/lineage',
      LINEAGE_TOKEN_FILE: '/etc/ducklake/secrets/LINEAGE_TOKEN',
    })
    expect(at(manifests.get('HorizontalPodAutoscaler ducklake-service'), 'spec')).toMatchObject({
      minReplicas: 2,
      maxReplicas: 3,
      metrics: [
        { resource: { name: 'cpu', target: { averageUtilization: 50 } } },
        { pods: { metric: { name: 'ducklake_queue_depth' }, target: { averageValue: 4 } } },
      ],
    })
    expect(at(manifests.get('Ingress ducklake-service'), 'spec')).toEqual({
      ingressClassName: 'haproxy',
      tls: [{ hosts: ['lake.example'], secretName: 'lake-tls' }],
      rules: [
        {
          host: 'lake.example',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'ducklake-service', port: { name: 'http' } } } }],
          },
        },
      ],
    })
    expect(manifests.get('Ingress ducklake-service')?.metadata.annotations).toEqual({ 'haproxy.org/timeout-server': '10m' })
    const container = 'spec.jobTemplate.spec.template.spec.containers.0'
    const [backup, drill] = [manifests.get('CronJob ducklake-backup'), manifests.get('CronJob ducklake-restore-drill')]
    expect(at(backup, 'spec.schedule')).toBe('15 1 * * *')
    expect(at(backup, `${container}.command`)).toEqual(['node', '.build/backup.js', '--keep', '5'])
    expect(at(drill, 'spec.schedule')).toBe('45 3 * * 6')
    expect(at(manifests.get('ServiceMonitor ducklake-service'), 'spec.endpoints.0.port')).toBe('metrics')
    expect(at(manifests.get('PrometheusRule ducklake-service'), 'spec.groups.0.rules')).toHaveLength(alerts.length)
    expect(at(deployment, 'spec.template.metadata.annotations')).not.toHaveProperty('prometheus.io/scrape')
  })

  it('leaves the number of pods to the autoscaler, spreads them, and lets one of them go at a time', () => {
    expect(at(deployment, 'spec')).not.toHaveProperty('replicas')
    expect(at(pod, 'topologySpreadConstraints.0.whenUnsatisfiable')).toBe('ScheduleAnyway')
    expect(at(manifests.get('PodDisruptionBudget ducklake-service'), 'spec')).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    })
  })

  it('lets in who is named, each at its port, and goes out to the sink and the issuer', () => {
    const spec = at(manifests.get('NetworkPolicy ducklake-service-in'), 'spec')
    expect([at(spec, 'ingress')].flat().map(rule => [at(rule, 'ports.0.port'), JSON.stringify(at(rule, 'from'))])).toEqual([
      [8080, expect.stringMatching(/apps.*web.*ingress/)],
      [9464, expect.stringContaining('watch')],
    ])
    const egress = [at(manifests.get('NetworkPolicy ducklake-service-out'), 'spec.egress')].flat()
    expect(egress.map(rule => at(rule, 'ports.0.port'))).toEqual([9000, 5432, 5000, 443, 53])
  })

  it('selects the pods of its jobs for what they may reach, and not as those that serve', () => {
    const job = at(manifests.get('CronJob ducklake-backup'), 'spec.jobTemplate.spec.template.metadata.labels')
    expect(job).toMatchObject({ 'app.kubernetes.io/name': 'ducklake-service', 'app.kubernetes.io/instance': 'ducklake-backup' })
    expect(at(manifests.get('Service ducklake-service'), 'spec.selector')).toMatchObject({
      'app.kubernetes.io/instance': 'ducklake-service',
    })
  })

  it('lets only the drill be administrator', () => {
    const volumes = (name: string) => JSON.stringify(at(manifests.get(`CronJob ${name}`), 'spec.jobTemplate.spec.template.spec.volumes'))
    expect(volumes('ducklake-backup')).not.toContain('administrator')
    expect(volumes('ducklake-restore-drill')).toContain('administrator')
  })

  it('has the administrator’s key made in the service’s own form', () => {
    const template = at(manifests.get('ExternalSecret ducklake-admin-key'), 'spec.target.template.data.key')
    expect(template).toBe('dl_{{ printf "id %s" .key | sha256sum | trunc 12 }}_{{ .key | sha256sum | trunc 48 }}')
  })
})

it('encrypts the way to a PostgreSQL that can, and finds its servers', () => {
  const database = { provider: 'cloudnative-pg', ...everyCloudNativePgProp } as const
  const { settings, manifests } = render(minimal, { ...minimalStorage, database })
  expect(settings).toMatchObject({ CATALOG_HOST: 'postgres-rw.storage.svc.cluster.local', CATALOG_SSLMODE: 'require' })
  expect(at(manifests.get('NetworkPolicy ducklake-service-out'), 'spec.egress.1.to.0.podSelector.matchLabels')).toEqual({
    'cnpg.io/cluster': 'postgres',
  })
})

it('a setting that the service does not have does not compile', () => {
  // @ts-expect-error
  const settings: DuckLakeServiceProps['settings'] = { ENGINE: 3 }
  expect(settings).toEqual({ ENGINE: 3 })
})

it.each<[string, Partial<Props>]>([
  [
    'memory is 4Gi, but 7 engines (ENGINES 2, ENGINES_SHORT 1, ENGINE_SPARES 1, WRITE_ENGINES 2 and 1 for maintenance) may take 768 MiB each and the gateway 384 MiB: use at least Size.mebibytes(5760), fewer engines, or less engineMemory.',
    { memory: Size.gibibytes(4) },
  ],
  ['cpuRequest is 1, more than cpu, which is 500m: use at most that.', { cpuRequest: Cpu.units(1) }],
  ['spill is 2Gi, of which results may take 1024 MiB and 7 engines share the rest', { spill: Size.gibibytes(2) }],
  ['spool is 1Gi, and one upload of UPLOAD_MAX_MB, packed and unpacked, may take 10000 MiB', { spool: Size.gibibytes(1) }],
  ['BACKGROUND_RUNNING is 2 and ENGINES 2: background queries could take every engine', { settings: { BACKGROUND_RUNNING: 2 } }],
  [
    'the service would refuse its settings: ENGINE_MEMORY_MB is "64": use a whole number from 128 to 1048576.',
    { engineMemory: Size.mebibytes(64) },
  ],
  ['the service would refuse its settings: OIDC_AUDIENCE is missing', { settings: { OIDC_ISSUER: 'https://login.example' } }],
  ['the service would refuse its settings: LINEAGE_URL is "marquez"', { lineage: { url: 'marquez' } }],
  [
    '9 pods, and one more during an update, may hold 44 connections to PostgreSQL each, and backups and people 20: together 460, of which it takes 400.',
    { replicas: 9 },
  ],
])('refuses: %s', (sentence, props) => {
  expect(() => render({ ...minimal, ...props })).toThrow(`test/ducklake-service: ${sentence}`)
})

it.each<[string, string, Partial<Props>]>([
  ['scaling', 'replicas is 0, use a whole number from 1.', { replicas: 0 }],
  ['scaling', 'maxReplicas is 2, use a whole number above replicas, which is 2.', { replicas: 2, autoscaling: { maxReplicas: 2 } }],
  ['scaling', 'cpuPercent is 120, use a whole number from 1 to 100.', { autoscaling: { maxReplicas: 2, cpuPercent: 120 } }],
  ['scaling', 'waitingStatements is 0, use a whole number from 1.', { autoscaling: { maxReplicas: 2, waitingStatements: 0 } }],
  ['jobs', 'keep is 0, use a whole number from 1.', { backups: { keep: 0 } }],
  ['jobs', 'schedule is "daily": use five fields as cron has them', { backups: { keep: 1, schedule: 'daily' } }],
])('its %s refuses: %s', (part, sentence, props) => {
  expect(() => render({ ...minimal, ...props })).toThrow(`test/ducklake-service/${part}: ${sentence}`)
})
