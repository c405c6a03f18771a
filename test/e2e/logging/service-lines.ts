/** Lines as the service's logger writes them: service/app.ts, plugins/request-log.ts, plugins/count-engines.ts, plugins/queue.ts. */
export function serviceLine(level: string, fields: Readonly<Record<string, unknown>>, msg: string): string {
  return JSON.stringify({ level, time: 1795656853000, service: 'ducklake', ...fields, msg })
}

export function requestLine(status: number, fields: Readonly<Record<string, unknown>> = {}): string {
  const outcome = status < 400 ? 'ok' : 'internal'
  const route = { method: 'POST', route: '/v1/query', status, duration_ms: 12, rows: 3, bytes: 120, outcome }
  return serviceLine('info', { request_id: 'req-1', key_id: 'a1b2c3d4e5f6', ...route, ...fields }, 'request')
}
