import { requestLines } from '../logql/request-lines.ts'
import type { Recording } from './rule.ts'

const requests = requestLines('service="ducklake"')

/** What dashboards ask again and again, as metrics for Prometheus: they stay when the lines are deleted. */
export const recordings: readonly Recording[] = [
  { name: 'namespace_app_level:log_lines:rate5m', query: 'sum by (namespace, app, level) (rate({namespace=~".+"}[5m]))' },
  { name: 'namespace_app:log_bytes:rate5m', query: 'sum by (namespace, app) (bytes_rate({namespace=~".+"}[5m]))' },
  {
    name: 'namespace_status:service_requests:rate5m',
    query: `sum by (namespace, status) (rate(${requests} | json status="status" | __error__="" [5m]))`,
  },
  {
    name: 'namespace_route:service_request_ms:p95_5m',
    query: `quantile_over_time(0.95, ${requests} | json route="route", duration_ms="duration_ms" | unwrap duration_ms | __error__="" [5m]) by (namespace, route)`,
  },
  { name: 'namespace_app_event:postgres_events:rate5m', query: 'sum by (namespace, app, event) (rate({event=~".+"}[5m]))' },
  {
    name: 'namespace_database:postgres_statement_ms:p95_5m',
    query:
      'quantile_over_time(0.95, {event="statement"} | regexp `duration: (?P<duration_ms>[0-9.]+) ms` | unwrap duration_ms | __error__="" [5m]) by (namespace, database)',
  },
  {
    name: 'namespace_operation_queue:pgmq_calls:rate5m',
    query: 'sum by (namespace, operation, queue) (rate({event="statement"} | operation!="" [5m]))',
  },
]
