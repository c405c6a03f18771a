import { Duration, Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import { servicePods } from './ducklake-service/service-network.ts'
import type { Environment } from './environment.ts'
import { selectorLabels } from './labels.ts'
import { images } from './versions.ts'

// Functions, so that a value which is wrong in itself, a negative size for example, is reported as any other mistake.

/** Fork the repository, then name the fork here: Argo CD reads what is committed there. */
const repository = { url: 'https://github.com/example/ducklake-platform.git', revision: 'main' }

/** Where whom an alert wakes reads what to do. */
const runbooks = `${repository.url.replace(/[.]git$/, '')}/blob/${repository.revision}/docs/runbooks`

/** The pods of the query service, those of its jobs too. */
const service = { namespace: 'ducklake', podLabels: servicePods }

const ingressController = { namespace: 'ingress-nginx' }

/** This controller would refuse a body of more than 1 MB, keep bodies and results on a disk of its own before it passes them on, and end a
 * statement after a minute without a byte. The service has its own limits for all three. */
const streaming = {
  'nginx.ingress.kubernetes.io/proxy-body-size': '0',
  'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
  'nginx.ingress.kubernetes.io/proxy-read-timeout': '660',
  'nginx.ingress.kubernetes.io/proxy-send-timeout': '660',
}

const loki = { namespace: 'logging', podLabels: selectorLabels('loki') }

/** Grafana and what sends Prometheus' and Loki's alerts on, as their charts label them. */
const grafana = { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'grafana' } }
const prometheus = { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } }
const alertmanager = {
  url: 'http://alertmanager-operated.monitoring.svc:9093',
  pods: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'alertmanager' } },
}

/** One node is enough: one server of everything, and no operator needed. */
export const dev = (): Environment => ({
  name: 'dev',
  storage: {
    objectStore: {
      mode: { kind: 'standalone' },
      driveSize: Size.gibibytes(20),
      buckets: { lake: 'ducklake', raw: 'ducklake-raw', logs: 'ducklake-logs', backups: 'ducklake-backups' },
    },
    database: {
      provider: 'bitnami',
      database: 'ducklake_catalog',
      user: 'ducklake',
      volumeSize: Size.gibibytes(8),
      memory: Size.gibibytes(1),
    },
    secrets: 'kubectl',
    clients: [service],
  },
  logging: {
    collector: 'promtail',
    loki: {
      generation: '2.9',
      store: { kind: 'volume', volume: { size: Size.gibibytes(10) } },
      memory: Size.mebibytes(256),
      cpu: Cpu.millis(200),
      retention: Duration.days(7),
    },
    secrets: 'kubectl',
    clients: [grafana],
    scrapers: [prometheus],
    alertmanager,
    runbooks,
  },
  service: {
    secrets: 'kubectl',
    replicas: 1,
    memory: Size.mebibytes(4352),
    cpu: Cpu.millis(1000),
    // A second pod has to fit beside the first during an update, on a node of two cores that has everything else too.
    cpuRequest: Cpu.millis(200),
    engineMemory: Size.mebibytes(256),
    spill: Size.gibibytes(4),
    spool: Size.gibibytes(2),
    settings: { ENGINES: 2, ENGINES_SHORT: 1, ENGINE_SPARES: 0, WRITE_ENGINES: 1, UPLOAD_MAX_MB: 1000 },
    clients: [ingressController],
    scrapers: [prometheus],
    backups: { keep: 3 },
  },
  gitOps: { repository },
})

/** Survives the loss of a node. Wants four nodes, and the operators CloudNativePG (with its Barman Cloud plugin), External Secrets and
 * Prometheus. */
export const production = (): Environment => ({
  name: 'production',
  storage: {
    objectStore: {
      mode: { kind: 'distributed', servers: 4, drivesPerServer: 1 },
      driveSize: Size.gibibytes(500),
      buckets: { lake: 'ducklake', raw: 'ducklake-raw', logs: 'ducklake-logs', backups: 'ducklake-backups' },
    },
    database: {
      provider: 'cloudnative-pg',
      database: 'ducklake_catalog',
      user: 'ducklake',
      instances: 3,
      volumeSize: Size.gibibytes(50),
      memory: Size.gibibytes(4),
      scrapers: [prometheus],
    },
    secrets: 'external-secrets',
    clients: [service],
    objectStoreClients: [loki],
  },
  logging: {
    collector: 'promtail',
    loki: {
      generation: '3',
      store: { kind: 'object-store', volume: { size: Size.gibibytes(10) } },
      // At 5,000 lines a second it took 252 MB. The rest is for wide queries, which hold in memory what they read.
      memory: Size.gibibytes(1),
      cpu: Cpu.millis(1000),
      retention: Duration.days(30),
      streamRetention: [
        { labels: { level: 'debug' }, period: Duration.days(2) },
        { labels: { level: 'trace' }, period: Duration.days(1) },
      ],
    },
    secrets: 'external-secrets',
    clients: [grafana],
    scrapers: [prometheus],
    alertmanager,
    runbooks,
  },
  service: {
    // Name your registry. Without one, a node would ask the public hub, where the name may be anybody's.
    image: `registry.example.org/${images.ducklakeService.source}:${images.ducklakeService.version}`,
    secrets: 'external-secrets',
    replicas: 3,
    autoscaling: { maxReplicas: 6 },
    memory: Size.mebibytes(12_800),
    cpu: Cpu.millis(4000),
    engineMemory: Size.gibibytes(1),
    spill: Size.gibibytes(40),
    spool: Size.gibibytes(20),
    settings: { ENGINES: 3, ENGINES_SHORT: 1, ENGINE_SPARES: 1, WRITE_ENGINES: 2 },
    // Name your host: the certificate is a Secret of the namespace, which cert-manager or you put there.
    ingress: {
      host: 'lake.example.org',
      className: 'nginx',
      tlsSecret: 'lake-tls',
      controllerNamespace: ingressController.namespace,
      annotations: streaming,
    },
    scrapers: [prometheus],
    monitoring: 'prometheus-operator',
    backups: { keep: 14 },
  },
  gitOps: { repository },
})
