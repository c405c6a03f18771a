import fp from 'fastify-plugin'
import type { Format } from '../results/formats.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What a route knows of its request and the log shall have. */
    readonly seen: Seen
  }
}

export interface Seen {
  outcome?: string
  queryId?: string
  writeId?: string
  snapshotId?: string | undefined
  rows?: number
  sql?: string
  format?: Format
  readonly startedAt: number
  readonly bytesBefore: number
}

/** One line for each request, when its last byte is out or its caller gone. Never a key; the text of a statement only where LOG_SQL says so. */
export default fp<{ readonly logSql: boolean }>(
  async (app, { logSql }) => {
    app.decorateRequest('seen', { getter: () => unseen })
    app.addHook('onRequest', async request => {
      const seen: Seen = { startedAt: performance.now(), bytesBefore: request.socket.bytesWritten }
      Object.defineProperty(request, 'seen', { value: seen })
    })
    app.addHook('onResponse', async (request, reply) => {
      const { seen } = request
      const durationMs = performance.now() - seen.startedAt
      const bytes = request.socket.bytesWritten - seen.bytesBefore
      const outcome = seen.outcome ?? (reply.raw.writableFinished ? 'ok' : 'aborted')
      app.metrics.bytesSent.inc(Math.max(bytes, 0))
      if (seen.queryId) app.metrics.querySeconds.observe({ outcome, format: seen.format ?? 'json' }, durationMs / 1_000)
      request.log.info(
        {
          trace_id: traceId(request.headers.traceparent),
          key_id: request.caller?.id,
          query_id: seen.queryId,
          write_id: seen.writeId,
          snapshot_id: seen.snapshotId,
          method: request.method,
          route: request.routeOptions.url,
          status: reply.statusCode,
          duration_ms: Math.round(durationMs),
          rows: seen.rows,
          bytes,
          outcome,
          ...(logSql && { sql: seen.sql }),
        },
        'request',
      )
    })
  },
  { name: 'request-log', dependencies: ['metrics'] },
)

const unseen: Seen = { startedAt: 0, bytesBefore: 0 }

/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
function traceId(traceparent: unknown): string | undefined {
  return typeof traceparent === 'string' ? /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/.exec(traceparent)?.[1] : undefined
}
