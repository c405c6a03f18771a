import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AskLoki } from '../logging/ask-loki.ts'
import { bodyOf } from './client-pod.ts'
import { question } from './lake.ts'
import { forwardPort } from './port-forward.ts'
import type { Run } from './run.ts'

/** How long a line may take from the pod to Loki. */
const withinMs = 60_000

/** Sends the service a request. @returns the id that its line in the log has @throws Error if it is not answered */
export function leaveLine(run: Run): string {
  const id = `e2e-${randomUUID()}`
  bodyOf(run.client.ask([question(run, '/v1/me', { headers: { 'x-request-id': id } })])[0])
  return id
}

/** The lines of these requests, as Loki has them, by their ids; none of one that is not there in time. */
export async function findLines(run: Run, ids: readonly string[]) {
  const loki = await forwardPort(run.kubectl, 'logging', 'service/loki', 3100)
  try {
    const ask = new AskLoki(loki.url)
    const look = () => Promise.all(ids.map(id => ask.entries(`{namespace="ducklake"} | request_id="${id}"`)))
    const began = Date.now()
    let found = await look()
    while (found.some(lines => lines.length === 0) && Date.now() - began < withinMs) {
      await sleep(500)
      found = await look()
    }
    return found
  } finally {
    loki.close()
  }
}
