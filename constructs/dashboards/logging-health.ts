import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { figure, graph, lines } from './panels.ts'
import { chooseLoki } from './variables.ts'

/** From the line's beginning on: Loki logs every query with its text. */
const complaints = '{app=~"loki|log-collector"} |~ `^(ts=[^ ]+ )?level=(warn|error) `'
const queries = '{app="loki"} |= "caller=metrics.go" | logfmt'

/** Loki and its collectors, out of their own logs: whether lines come, how fast questions are answered, what goes wrong. */
export function loggingHealth(): Dashboard {
  return new DashboardBuilder('Loki and collectors')
    .uid('ducklake-logging')
    .description('Whether lines arrive, how fast Loki answers, and what Loki and the collectors complain about.')
    .tags(['ducklake', 'logs'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .withVariable(chooseLoki())
    .withPanel(
      figure({
        title: 'Streams',
        description: 'Streams with a line in the time that is shown. Thousands are a label with too many values.',
        unit: 'short',
        query: 'count(sum by (namespace, pod, container, service, level, event, database) (count_over_time({namespace=~".+"}[$__range])))',
      }),
    )
    .withPanel(
      figure({
        title: 'Pods that log',
        description: 'Pods with a line in the time that is shown.',
        unit: 'short',
        query: 'count(sum by (namespace, pod) (count_over_time({namespace=~".+"}[$__range])))',
      }),
    )
    .withPanel(
      figure({
        title: 'Complaints',
        description: 'Warnings and errors of Loki and of the collectors.',
        unit: 'short',
        query: `sum(count_over_time(${complaints} [$__range]))`,
      }),
    )
    .withPanel(
      figure({
        title: 'Queries p95',
        description: 'Nineteen of twenty questions were answered within this.',
        unit: 's',
        query: `quantile_over_time(0.95, ${queries} | unwrap duration_seconds(duration) | __error__="" [$__range]) by ()`,
      }),
    )
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      graph({
        title: 'Lines by namespace',
        description: 'A line that ends is a node or a namespace whose lines no longer come.',
        unit: 'cps',
        stacked: true,
        series: [{ query: 'sum by (namespace) (rate({namespace=~".+"}[$__auto]))', legend: '{{namespace}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Bytes by namespace',
        description: 'Loki refuses what is over its limit, 4 MB a second if nobody changed it.',
        unit: 'Bps',
        stacked: true,
        series: [{ query: 'sum by (namespace) (bytes_rate({namespace=~".+"}[$__auto]))', legend: '{{namespace}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Duration of queries',
        description: 'Half and nineteen of twenty questions were answered within this, the rules’ own among them.',
        unit: 's',
        series: [0.5, 0.95].map(quantile => ({
          query: `quantile_over_time(${quantile}, ${queries} | unwrap duration_seconds(duration) | __error__="" [$__auto]) by ()`,
          legend: `p${quantile * 100}`,
        })),
      }),
    )
    .withPanel(
      graph({
        title: 'Complaints by program',
        description: 'Warnings and errors of Loki and of the collectors.',
        unit: 'short',
        series: [{ query: `sum by (app) (count_over_time(${complaints} [$__auto]))`, legend: '{{app}}' }],
      }),
    )
    .withRow(new RowBuilder('Lines'))
    .withPanel(
      lines({
        title: 'Complaints',
        description: 'From a collector, 400 is a line that Loki will never take, 429 one that comes too fast and is sent again.',
        query: complaints,
      }),
    )
    .withPanel(
      lines({
        title: 'Slow queries',
        description: 'Questions that took longer than two seconds, with their text.',
        query: `${queries} | duration > 2s`,
      }),
    )
    .build()
}
