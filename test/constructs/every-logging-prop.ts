import { Duration, Size } from 'cdk8s'
import { Cpu } from 'cdk8s-plus-28'
import type { LoggingProps } from '../../constructs/logging.ts'
import type { LokiProps } from '../../constructs/loki.ts'

// As in every-prop.ts: none at its default, and a new prop does not compile until it stands here.

export const everyLokiProp: Required<LokiProps> = {
  generation: '3',
  memory: Size.mebibytes(768),
  cpu: Cpu.millis(500),
  store: { kind: 'object-store', volume: { size: Size.gibibytes(2), storageClass: 'fast' } },
  retention: Duration.days(14),
  streamRetention: [{ labels: { level: 'debug', namespace: 'apps' }, period: Duration.days(1), priority: 3 }],
  periods: [
    { from: '2024-05-01', index: 'boltdb-shipper', schema: 'v12' },
    { from: '2027-01-01', index: 'tsdb' },
  ],
  resultsCache: Size.mebibytes(50),
  chunkCache: Size.mebibytes(20),
}

export const everyLoggingProp: Required<Omit<LoggingProps, 'objectStore'>> = {
  namespace: 'logs',
  loki: everyLokiProp,
  collector: 'alloy',
  secrets: 'external-secrets',
  clients: [{ namespace: 'watch', podLabels: { app: 'grafana' } }],
  scrapers: [{ namespace: 'watch', podLabels: { app: 'prometheus' } }],
  alertmanager: { url: 'http://alerts.watch.svc:9999', pods: { namespace: 'watch', podLabels: { app: 'alerts' } } },
  metrics: { url: 'http://metrics.watch.svc:9090/api/v1/write', pods: { namespace: 'watch', podLabels: { app: 'metrics' } } },
  runbooks: 'https://pages.example/runbooks',
  grafana: {
    memory: Size.mebibytes(768),
    volume: { size: Size.gibibytes(2), storageClass: 'fast' },
    clients: [{ namespace: 'ingress-nginx' }],
  },
}
