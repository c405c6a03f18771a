import { Construct } from 'constructs'
import { PrometheusRule, PrometheusRuleSpecGroupsRulesExpr, ServiceMonitor } from '../../imports/monitoring.coreos.com.ts'
import { labels, selectorLabels } from '../labels.ts'
import { ports } from './service-settings.ts'

/** How Prometheus finds the service: by annotations of its pods, as its example configuration looks for them, or by the resources of the
 * Prometheus operator, which bring alerts along. */
export type Monitoring = 'annotations' | 'prometheus-operator'

/** On the pods. */
export const scrapeAnnotations = {
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': `${ports.metrics}`,
  'prometheus.io/path': '/metrics',
} as const

interface Alert {
  readonly alert: string
  /** PromQL. */
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: 'page' | 'ticket' }
  readonly annotations: { readonly summary: string }
}

const day = 86_400

/** From the first pod to the first success, with two hours for the work. */
const firstTurnHours = { compact: 26, 'clean-up': 26, backup: 26, 'restore-drill': 7 * 24 + 2 } as const

/** What somebody has to do something about. Every metric in it is one of docs/service.md or docs/maintenance.md. */
export const alerts: readonly Alert[] = [
  {
    alert: 'DuckLakeNoEngines',
    expr: 'ducklake_engines == 0',
    for: '5m',
    labels: { severity: 'page' },
    annotations: { summary: '{{ $labels.pod }} answers no query: GET /readyz?verbose says why.' },
  },
  {
    alert: 'DuckLakeNotSeen',
    expr: 'absent(ducklake_engines)',
    for: '10m',
    labels: { severity: 'page' },
    annotations: {
      summary: 'No pod of the service is scraped: none runs, or the ServiceMonitor finds none. The other alerts are silent meanwhile.',
    },
  },
  {
    alert: 'DuckLakeStatementsWait',
    expr: 'ducklake_queue_depth > 16',
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: { summary: 'Statements wait at {{ $labels.pod }}: more pods, more engines, or a caller with a loop.' },
  },
  {
    alert: 'DuckLakeQueueBlocked',
    expr: 'max by (table) (ducklake_ingest_queue_blocked) > 0',
    for: '15m',
    labels: { severity: 'page' },
    annotations: { summary: 'Messages for {{ $labels.table }} do not get into their table: GET /v1/queue says why.' },
  },
  {
    alert: 'DuckLakeNotMaintained',
    expr: `time() - max by (task) (ducklake_maintenance_last_success_timestamp_seconds{task=~"compact|clean-up"}) > ${2 * day}`,
    for: '1h',
    labels: { severity: 'ticket' },
    annotations: { summary: 'No {{ $labels.task }} for two days: GET /v1/maintenance has the runs.' },
  },
  ...(['compact', 'clean-up'] as const).map(task =>
    neverDone(`DuckLakeNever${task === 'compact' ? 'Compacted' : 'CleanedUp'}`, task, 'ticket', 'GET /v1/maintenance has the runs.'),
  ),
  {
    alert: 'DuckLakeNotBackedUp',
    expr: `time() - max(ducklake_maintenance_last_success_timestamp_seconds{task="backup"}) > ${2 * day}`,
    for: '1h',
    labels: { severity: 'page' },
    annotations: { summary: 'No backup for two days: look at the CronJob ducklake-backup.' },
  },
  neverDone('DuckLakeNeverBackedUp', 'backup', 'page', 'look at the CronJob ducklake-backup.'),
  {
    alert: 'DuckLakeRestoreNotTried',
    expr: `time() - max(ducklake_maintenance_last_success_timestamp_seconds{task="restore-drill"}) > ${15 * day}`,
    for: '1h',
    labels: { severity: 'ticket' },
    annotations: { summary: 'No backup was restored for two weeks: look at the CronJob ducklake-restore-drill.' },
  },
  neverDone('DuckLakeRestoreNeverTried', 'restore-drill', 'ticket', 'look at the CronJob ducklake-restore-drill.'),
]

/** A task that never succeeded has no time of its last success, which the alert beside it would compare. Its first turn comes within a day, that of
 * the drill within a week. */
function neverDone(alert: string, task: keyof typeof firstTurnHours, severity: 'page' | 'ticket', what: string): Alert {
  return {
    alert,
    expr: `absent(ducklake_maintenance_last_success_timestamp_seconds{task="${task}"}) and on () ducklake_engines`,
    for: `${firstTurnHours[task]}h`,
    labels: { severity },
    annotations: { summary: `No ${task} has ever succeeded: ${what}` },
  }
}

/** For the operator, which is part of no deployment here. */
export class ServiceMonitoring extends Construct {
  constructor(scope: Construct) {
    super(scope, 'monitoring')
    const metadata = { name: 'ducklake-service', labels: labels('ducklake-service') }
    new ServiceMonitor(this, 'monitor', {
      metadata,
      spec: {
        selector: { matchLabels: selectorLabels('ducklake-service') },
        endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
      },
    })
    const rules = alerts.map(alert => ({ ...alert, expr: PrometheusRuleSpecGroupsRulesExpr.fromString(alert.expr) }))
    new PrometheusRule(this, 'rules', { metadata, spec: { groups: [{ name: 'ducklake-service', rules }] } })
  }
}
