import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AskLoki } from '../../logging/ask-loki.ts'
import { question } from '../lake.ts'
import { forwardPort } from '../port-forward.ts'
import type { Run } from '../run.ts'

/** How long a line may take from the pod to Loki. */
const withinMs = 60_000

/** A request's own id leads to what the service logged of it. */
export async function findLogs(run: Run): Promise<void> {
  const id = `e2e-${randomUUID()}`
  run.client.ask([question(run, '/v1/tables', { headers: { 'x-request-id': id } })])
  const loki = await forwardPort(run.kubectl, 'logging', 'service/loki', 3100)
  try {
    const ask = new AskLoki(loki.url)
    const began = Date.now()
    const look = () => ask.entries(`{namespace="ducklake"} | request_id="${id}"`)
    let lines = await look()
    while (lines.length === 0 && Date.now() - began < withinMs) {
      await sleep(500)
      lines = await look()
    }
    const seconds = ((Date.now() - began) / 1_000).toFixed(1)
    run.report.check(lines.length > 0, 'Loki finds the service’s lines by the request’s id', `${lines.length} after ${seconds} s`)
    run.report.check(
      lines.every(({ labels }) => labels.service === 'ducklake' && labels.level === 'info'),
      'with its service and level',
      JSON.stringify(lines[0]?.labels),
    )
  } finally {
    loki.close()
  }
}
