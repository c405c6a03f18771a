import { setTimeout as sleep } from 'node:timers/promises'
import { postgresEvents } from '../../../constructs/log-pipelines.ts'
import { collect } from '../../constructs/collect.ts'
import { startLoggingServer } from '../../constructs/logged-work.ts'
import { type Provoked, provokeEvents } from '../../constructs/provoke-events.ts'
import { startService, stopService } from '../../service/start-service.ts'
import { alertSamples } from './alert-samples.ts'
import { recordsOf } from './cloudnative-pg-records.ts'
import type { PrintingPod } from './log-stack.ts'

const uid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

const containers = {
  postgres: { container: 'postgresql', app: 'postgresql' },
  service: { container: 'service', app: 'ducklake-service' },
  loki: { container: 'loki', app: 'loki' },
} as const

/** Real servers that did everything their log has an event for, in both forms in which a cluster shows it. */
export async function postgresPods(): Promise<{ readonly pods: readonly PrintingPod[]; readonly provoked: Provoked }> {
  const server = await startLoggingServer()
  try {
    const provoked = await provokeEvents(server)
    const pod = { namespace: 'storage', name: 'postgres-0', uid: uid(1), ...containers.postgres, printed: provoked.log }
    const wrapped = recordsOf(collect(provoked.log).map(({ line }) => line)).join('\n')
    return { pods: [pod, { ...pod, name: 'postgres-1', uid: uid(2), container: 'postgres', app: 'postgres', printed: wrapped }], provoked }
  } finally {
    await server.remove()
  }
}

/** The request whose lines are looked for by its id. */
export const knownRequest = 'e2e-known-request'

/** The query service after good and bad requests. */
export async function servicePod(): Promise<PrintingPod> {
  const service = await startService({ LOG_LEVEL: 'info' })
  try {
    const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql', 'x-request-id': knownRequest }
    for (const sql of ['SELECT 1', 'SELECT count(*) FROM rides', 'SELECT no_such_column FROM rides'])
      await fetch(`${service.url}/v1/query`, { method: 'POST', headers, body: sql })
    await fetch(`${service.url}/v1/query`, { method: 'POST', body: 'SELECT 1' })
    const printed = () => service.output().error
    while (printed().split('"msg":"request"').length < 5) await sleep(20)
    return { namespace: 'ducklake', name: 'ducklake-service-1', uid: uid(3), ...containers.service, printed: printed().trimEnd() }
  } finally {
    await stopService(service)
  }
}

/** A pod whose lines no pipeline was made for. */
export function oddPod(): PrintingPod {
  const lines = [
    '{"level":30,"msg":"cut',
    '{"msg":"no level"}',
    '{"level":50,"service":"NO NAME","request_id":"odd-1"}',
    `{"level":50,"request_id":"odd-long","msg":"${'x'.repeat(100_000)}"}`,
    '[]',
    '\u0000\u0007 bytes \ufffd',
    'plain text',
    ...postgresEvents.map(({ sample }) => sample.split('\n')[0] ?? ''),
  ]
  return { namespace: 'odd', name: 'odd-0', uid: uid(4), container: 'odd', app: 'odd', printed: lines.join('\n') }
}

/** For each alert a pod of what it must let pass, and one of what it is about, each in a namespace of its own. */
export function alertPods(): readonly PrintingPod[] {
  return alertSamples.flatMap(({ alert, container, quiet, fires }, n) =>
    ([quiet, fires] as const).map((lines, kind) => ({
      namespace: namespaceOf(alert, kind === 0 ? 'quiet' : 'fires'),
      name: 'pod-0',
      uid: uid(100 + 2 * n + kind),
      ...containers[container],
      printed: lines.join('\n'),
    })),
  )
}

export function namespaceOf(alert: string, kind: 'quiet' | 'fires'): string {
  return `${kind}-${alert.toLowerCase()}`
}
