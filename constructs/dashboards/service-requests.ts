import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { requestLines } from '../logql/request-lines.ts'
import { figure, graph, lines } from './panels.ts'
import { chooseLabel, chooseLoki, typeText } from './variables.ts'

/** Stable, because links from lines lead to it. */
export const serviceRequestsUid = 'ducklake-requests'

const service = 'namespace=~"$namespace", service=~"$service"'
const requests = requestLines(service)

/** One service's requests, and everything that any pod logged about one of them. */
export function serviceRequests(): Dashboard {
  return new DashboardBuilder('Service requests')
    .uid(serviceRequestsUid)
    .description('How a service answers, and all that was logged about one request. Requests are logged with LOG_LEVEL=info.')
    .tags(['ducklake', 'service'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .withVariable(chooseLoki())
    .withVariable(chooseLabel('namespace'))
    .withVariable(chooseLabel('service', { of: '{namespace=~"$namespace"}' }))
    .withVariable(typeText('request_id', 'request id', 'none'))
    .withPanel(
      figure({
        title: 'Requests',
        description: 'All that were answered in the time that is shown.',
        unit: 'short',
        query: `sum(count_over_time(${requests} [$__range]))`,
      }),
    )
    .withPanel(
      figure({
        title: 'Failed',
        description: 'Of them with 5xx: not by a mistake of the caller.',
        unit: 'short',
        query: `sum(count_over_time(${requests} | json status="status" | status=~"5.." | __error__="" [$__range]))`,
      }),
    )
    .withPanel(
      figure({
        title: 'p95',
        description: 'Nineteen of twenty requests took no longer than this, from the first byte in to the last byte out.',
        unit: 'ms',
        query: `quantile_over_time(0.95, ${requests} | json duration_ms="duration_ms" | unwrap duration_ms | __error__="" [$__range]) by ()`,
      }),
    )
    .withPanel(
      figure({
        title: 'Engines lost',
        description: 'Engines that were killed at a deadline, or died. Each took its statement along.',
        unit: 'short',
        query: `sum(count_over_time({${service}} |= "an engine ended and is being replaced" | json how="how" | how=~"killed|lost" | __error__="" [$__range]))`,
      }),
    )
    .withRow(new RowBuilder('Over time'))
    .withPanel(
      graph({
        title: 'Requests by status',
        description: '4xx are mistakes of callers, 429 and 503 say that there is too much to do, other 5xx are the service’s own.',
        unit: 'short',
        stacked: true,
        series: [
          { query: `sum by (status) (count_over_time(${requests} | json status="status" | __error__="" [$__auto]))`, legend: '{{status}}' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Duration',
        description: 'Half of all requests and nineteen of twenty took no longer than this.',
        unit: 'ms',
        series: [0.5, 0.95].map(quantile => ({
          query: `quantile_over_time(${quantile}, ${requests} | json duration_ms="duration_ms" | unwrap duration_ms | __error__="" [$__auto]) by ()`,
          legend: `p${quantile * 100}`,
        })),
      }),
    )
    .withPanel(
      graph({
        title: 'Duration by route',
        description: 'Nineteen of twenty requests of a route took no longer than this.',
        unit: 'ms',
        series: [
          {
            query: `quantile_over_time(0.95, ${requests} | json route="route", duration_ms="duration_ms" | unwrap duration_ms | __error__="" [$__auto]) by (route)`,
            legend: '{{route}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Outcomes',
        description: 'The error codes that callers got; docs/service.md says what each means.',
        unit: 'short',
        series: [
          {
            query: `sum by (outcome) (count_over_time(${requests} | json outcome="outcome" | outcome!="ok" | __error__="" [$__auto]))`,
            legend: '{{outcome}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Callers',
        description: 'The ten keys with most requests.',
        unit: 'short',
        series: [{ query: `topk(10, sum by (key_id) (count_over_time(${requests} | key_id!="" [$__auto])))`, legend: '{{key_id}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Engines that ended',
        description: 'recycled: by age or size, on purpose. killed: at a deadline. lost: by themselves, mostly for want of memory.',
        unit: 'short',
        series: [
          {
            query: `sum by (how) (count_over_time({${service}} |= "an engine ended and is being replaced" | json how="how" | __error__="" [$__auto]))`,
            legend: '{{how}}',
          },
        ],
      }),
    )
    .withRow(new RowBuilder('Lines'))
    .withPanel(
      lines({
        title: 'Failed requests',
        description: 'Open one and follow the link of its request_id: the panel below shows all that was logged about it.',
        query: `${requests} | json | status=~"5.."`,
      }),
    )
    .withPanel(
      lines({
        title: 'Warnings and errors',
        description: 'What the service says beside its requests.',
        query: `{${service}, level=~"warning|error|fatal"}`,
      }),
    )
    .withPanel(
      lines({
        title: 'All about request $request_id',
        description: 'Lines of every pod that belong to the request whose id is above, PostgreSQL’s as well where a statement named it.',
        query: '{namespace=~"$namespace"} |= "$request_id" | json | request_id="$request_id"',
      }),
    )
    .build()
}
