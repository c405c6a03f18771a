import type { Entry } from '../../../constructs/log-pipeline/run-pipeline.ts'
import { postgresEvents } from '../../../constructs/log-pipelines.ts'
import { collect, postgresTarget, serviceTarget } from '../../constructs/collect.ts'
import { requestLine, serviceLine } from './service-lines.ts'

/** The request that the samples tell of, in the service's line and in PostgreSQL's. */
export const sampleRequest = 'req-7f3a91'

export const lokiTarget = {
  ...postgresTarget,
  namespace: 'logging',
  pod: 'loki-0',
  container: 'loki',
  app: 'loki',
  job: 'logging/loki',
  service: 'loki',
}

/** Something for every panel: each event's sample, and what the service and Loki log, through the pipeline. */
export function panelSamples(): Entry[] {
  return [
    ...postgresEvents.flatMap(({ sample }) => collect(sample)),
    ...collect(postgresLines.join('\n')),
    ...collect(serviceLines.join('\n'), serviceTarget),
    ...collect(lokiLines.join('\n'), lokiTarget),
  ]
}

const serviceLines: readonly string[] = [
  requestLine(200),
  requestLine(500, { request_id: sampleRequest, duration_ms: 1840 }),
  serviceLine('error', { request_id: sampleRequest, err: { type: 'Error', message: 'x', stack: 'Error: x' } }, 'unexpected error'),
  serviceLine('warn', { engine_class: 'reader', how: 'killed' }, 'an engine ended and is being replaced'),
]

const postgresLines = [
  `2026-11-23 02:20:45.894 UTC [11293] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tLOG:  duration: 613.222 ms  statement: select /* req_id='${sampleRequest}' */ pgmq.pop('events')`,
]

const lokiLines = [
  'level=info ts=2026-11-26T01:43:15.031706798Z caller=metrics.go:285 component=querier org_id=fake latency=slow query="{app=\\"a\\"}" query_type=limited range_type=range length=1h0m0s duration=2.5s status=200',
  'level=error ts=2026-11-26T01:43:15.03115153Z caller=flush.go:178 component=ingester msg="failed to flush" err="no space left on device"',
]
