import { setTimeout as sleep } from 'node:timers/promises'
import { type Entry, runPipeline } from '../../../constructs/log-pipeline/run-pipeline.ts'
import { collectorPipeline } from '../../../constructs/log-pipelines.ts'
import { criLines } from '../../constructs/collect.ts'
import type { LogStack, PrintingPod } from './log-stack.ts'
import type { Report } from './report.ts'

const waitMs = 90_000

/** Whether Loki has of each pod exactly the entries that the pipeline makes in TypeScript: lines, labels and metadata. So what the fast tests
 * show is what the collector does. */
export async function checkEntries(report: Report, { ask }: LogStack, pods: readonly PrintingPod[]): Promise<void> {
  for (const pod of pods) {
    const expected = entriesOf(pod)
    const selector = `{namespace="${pod.namespace}", pod="${pod.name}"}`
    const deadline = Date.now() + waitMs
    let found = await ask.entries(selector)
    while (found.length < expected.length && Date.now() < deadline) {
      await sleep(500)
      found = await ask.entries(selector)
    }
    const missing = difference(expected.map(textOf), found.map(textOf))
    const foreign = difference(found.map(textOf), expected.map(textOf))
    const example = [missing[0] && `missing: ${missing[0]}`, foreign[0] && `foreign: ${foreign[0]}`].filter(Boolean).join('; ')
    report.check(
      missing.length + foreign.length === 0,
      `${pod.namespace}/${pod.name}: every entry with its labels and metadata`,
      `${found.length} of ${expected.length}${example && `; ${example.slice(0, 1_500)}`}`,
    )
  }
}

export function entriesOf({ namespace, name, container, app, printed }: PrintingPod): readonly Entry[] {
  const labels = { namespace, pod: name, container, app, service: app, job: `${namespace}/${app}`, filename: 'x' }
  return runPipeline(collectorPipeline(), criLines(printed), labels)
}

/** To a reader of Loki labels and metadata are one. */
function textOf(entry: { line: string; labels: Readonly<Record<string, string>>; metadata?: Readonly<Record<string, string>> }): string {
  return JSON.stringify([Object.entries({ ...entry.labels, ...entry.metadata }).sort(), entry.line])
}

function difference(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1)
  return all.filter(text => {
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count <= 0
  })
}
