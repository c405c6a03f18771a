import { setTimeout as sleep } from 'node:timers/promises'
import { alertSamples } from './alert-samples.ts'
import type { LogStack } from './log-stack.ts'
import { namespaceOf } from './printing-pods.ts'
import type { Report } from './report.ts'

const waitMs = 150_000

/** Whether each alert has reached the Alertmanager from the namespace that is about it, and from no other that was made to be quiet. */
export async function checkFired(report: Report, { sink }: LogStack): Promise<void> {
  const fired = (alert: string, namespace: string) =>
    sink.alerts.some(labels => labels.alertname === alert && labels.namespace === namespace)
  const deadline = Date.now() + waitMs
  while (!alertSamples.every(({ alert }) => fired(alert, namespaceOf(alert, 'fires'))) && Date.now() < deadline) await sleep(500)
  for (const { alert } of alertSamples) {
    const [fires, quiet] = [fired(alert, namespaceOf(alert, 'fires')), !fired(alert, namespaceOf(alert, 'quiet'))]
    report.check(
      fires && quiet,
      `alert ${alert}`,
      `${fires ? 'fired' : 'DID NOT FIRE'}, ${quiet ? 'quiet below its threshold' : 'NOT QUIET'}`,
    )
  }
  report.check(
    [...sink.paths].every(path => path === '/api/v2/alerts'),
    'alerts go to version 2 of the Alertmanager’s interface',
    [...sink.paths].join(', '),
  )
}
