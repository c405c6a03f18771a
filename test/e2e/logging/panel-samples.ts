import type { Entry } from '../../../constructs/log-pipeline/run-pipeline.ts'
import { postgresEvents } from '../../../constructs/log-pipelines.ts'
import { collect, postgresTarget, serviceTarget } from '../../constructs/collect.ts'

/** The request that the samples tell of, in the service's line and in PostgreSQL's. */
export const sampleRequest = 'req-7f3a91'

const lokiTarget = {
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
    ...collect(serviceLines.map(line => JSON.stringify(line)).join('\n'), serviceTarget),
    ...collect(lokiLines.join('\n'), lokiTarget),
  ]
}

const base = { level: 'info', time: 1795656853000, service: 'ducklake' }
const request = {
  ...base,
  request_id: sampleRequest,
  key_id: 'a1b2c3d4e5f6',
  method: 'POST',
  route: '/v1/query',
  bytes: 120,
  msg: 'request',
}

/** As service/plugins/request-log.ts, count-engines.ts and queue.ts write them. */
const serviceLines: readonly object[] = [
  { ...request, request_id: 'req-1', status: 200, duration_ms: 12, rows: 3, outcome: 'ok' },
  { ...request, status: 500, duration_ms: 1840, outcome: 'internal' },
  { ...base, level: 'error', request_id: sampleRequest, err: { type: 'Error', message: 'x', stack: 'Error: x' }, msg: 'unexpected error' },
  { ...base, level: 'warn', engine_class: 'reader', how: 'killed', msg: 'an engine ended and is being replaced' },
  { ...base, level: 'warn', engine_class: 'reader', err: { message: 'no' }, msg: 'an engine did not start' },
  { ...base, level: 'warn', table: 'numbers', messages: 2, msg: 'messages of the queue were put aside' },
  { ...base, level: 'warn', table: 'numbers', code: 'tableUnknown', detail: 'gone', msg: 'the queue is not drained' },
]

const postgresLines = [
  `2026-11-23 02:20:45.894 UTC [11293] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tLOG:  duration: 613.222 ms  statement: select /* req_id='${sampleRequest}' */ pgmq.pop('events')`,
]

const lokiLines = [
  'level=info ts=2026-11-26T01:43:15.031706798Z caller=metrics.go:285 component=querier org_id=fake latency=slow query="{app=\\"a\\"}" query_type=limited range_type=range length=1h0m0s duration=2.5s status=200',
  'level=error ts=2026-11-26T01:43:15.03115153Z caller=flush.go:178 component=ingester msg="failed to flush" err="no space left on device"',
]
