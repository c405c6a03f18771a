import { Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import type { BackupSchedule } from '../../constructs/ducklake-service/service-jobs.ts'
import type { LineageSink, ServiceIngress } from '../../constructs/ducklake-service/service-network.ts'
import type { Autoscaling } from '../../constructs/ducklake-service/service-scaling.ts'
import type { DuckLakeServiceProps } from '../../constructs/ducklake-service.ts'

// As in every-prop.ts: none at its default, and a new prop does not compile until it stands here.

const autoscaling: Required<Autoscaling> = { maxReplicas: 3, cpuPercent: 50, waitingStatements: 4 }
const lineage: Required<LineageSink> = {
  url: 'http://marquez.lineage:5000/api/v1/lineage',
  pods: { namespace: 'lineage', podLabels: { app: 'marquez' } },
  token: { secret: 'marquez', key: 'token' },
}
const ingress: Required<ServiceIngress> = {
  host: 'lake.example',
  className: 'haproxy',
  tlsSecret: 'lake-tls',
  controllerNamespace: 'ingress',
  annotations: { 'haproxy.org/timeout-server': '10m' },
}
const backups: Required<BackupSchedule> = { schedule: '15 1 * * *', keep: 5, drillSchedule: '45 3 * * 6' }

export const everyServiceProp: Required<Omit<DuckLakeServiceProps, 'objectStore' | 'catalog'>> = {
  namespace: 'lake',
  image: 'registry.example/lake:2',
  secrets: 'external-secrets',
  replicas: 2,
  autoscaling,
  memory: Size.gibibytes(8),
  cpu: Cpu.millis(1500),
  cpuRequest: Cpu.millis(250),
  engineMemory: Size.mebibytes(512),
  spill: Size.gibibytes(8),
  spool: Size.gibibytes(12),
  settings: { ENGINES: 3, WRITE_ENGINES: 1, LOG_SQL: 'true', OIDC_ISSUER: 'https://login.example/realm', OIDC_AUDIENCE: 'lake' },
  lineage,
  clients: [{ namespace: 'apps', podLabels: { app: 'web' } }],
  ingress,
  scrapers: [{ namespace: 'watch' }],
  monitoring: 'prometheus-operator',
  backups,
}
