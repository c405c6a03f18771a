import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import type { EnginePool, PoolObserver } from '../engine-pool/engine-pool.ts'

/** Logs and counts what becomes of a pool's engines. */
export function observeEngines({ metrics, log }: Pick<FastifyInstance, 'metrics' | 'log'>, engineClass: string): PoolObserver {
  const { engineStarts, engineEnds, engineStartFailures } = metrics
  return {
    started(startMs) {
      engineStarts.inc()
      log.info({ engine_class: engineClass, duration_ms: Math.round(startMs) }, 'an engine is ready')
    },
    ended(how) {
      engineEnds.inc({ how })
      log[how === 'recycled' ? 'info' : 'warn']({ engine_class: engineClass, how }, 'an engine ended and is being replaced')
    },
    failed(error) {
      engineStartFailures.inc()
      log.warn({ engine_class: engineClass, err: error }, 'an engine did not start')
    },
  }
}

/** Lets Prometheus read a figure of a pool when it asks. */
export function gaugePool({ metrics }: Pick<FastifyInstance, 'metrics'>, pool: EnginePool, gauges: readonly PoolGauge[]): void {
  for (const [name, help, value] of gauges)
    new Gauge({
      name,
      help,
      registers: [metrics.registry],
      collect() {
        this.set(value(pool))
      },
    })
}

type PoolGauge = readonly [name: string, help: string, value: (pool: EnginePool) => number]
