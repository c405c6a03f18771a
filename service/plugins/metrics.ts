import fp from 'fastify-plugin'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    readonly metrics: Metrics
  }
}

export interface Metrics {
  readonly registry: Registry
  readonly querySeconds: Histogram<'outcome' | 'format'>
  readonly backgroundQueries: Counter<'outcome'>
  readonly bytesSent: Counter
  readonly engineStarts: Counter
  /** The catalog or the object store did not let an engine attach; it is tried again. */
  readonly engineStartFailures: Counter
  readonly engineEnds: Counter<'how'>
}

/** From a point query to the longest export. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600]

/** What Prometheus reads, each under `ducklake_`. A registry of its own: two services in one process must not mix. */
export default fp(
  async app => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const registers = [registry]
    app.decorate('metrics', {
      registry,
      querySeconds: new Histogram({
        name: 'ducklake_query_seconds',
        help: 'Time from the request to the last byte of its result, by outcome (ok, aborted, or the error code) and format.',
        labelNames: ['outcome', 'format'],
        buckets: secondsBuckets,
        registers,
      }),
      backgroundQueries: new Counter({
        name: 'ducklake_background_queries_total',
        help: 'Background queries that ended, by outcome (ok or the error code).',
        labelNames: ['outcome'],
        registers,
      }),
      bytesSent: new Counter({ name: 'ducklake_sent_bytes_total', help: 'Bytes of answers, with heads and compression.', registers }),
      engineStarts: new Counter({ name: 'ducklake_engine_starts_total', help: 'Engines that became ready.', registers }),
      engineStartFailures: new Counter({
        name: 'ducklake_engine_start_failures_total',
        help: 'Engines that could not attach the lake; each is tried again.',
        registers,
      }),
      engineEnds: new Counter({
        name: 'ducklake_engine_ends_total',
        help: 'Engines that ended: recycled by age, count or size; killed at a deadline or by an error; lost by themselves.',
        labelNames: ['how'],
        registers,
      }),
    })
  },
  { name: 'metrics' },
)
