import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Environment } from '../../../constructs/index.ts'
import { alertSamples } from './alert-samples.ts'
import { entriesOf } from './check-entries.ts'
import { configurationOf, writeConfiguration } from './log-configuration.ts'
import type { PrintingPod } from './log-stack.ts'

/** Writes what another harness needs: `loki.yaml`, `promtail.yaml`, `rules/`, the pods' lines in `samples/`, and in `e2e.yaml` what must come
 * of them: how many entries of each pod, which labels, how many of each event, and which alerts. */
export function writeHarnessFolder(folder: string, environment: Environment, pods: readonly PrintingPod[]): void {
  writeConfiguration(folder, configurationOf(environment))
  mkdirSync(join(folder, 'samples'))
  for (const pod of pods) writeFileSync(join(folder, 'samples', sampleOf(pod)), `${distinct(pod.printed)}\n`)
  const [postgres] = pods
  const selector = (pod: PrintingPod) => `{namespace="${pod.namespace}", pod="${pod.name}"}`
  const expectations = {
    pods: pods.map(pod => {
      const { namespace, name, uid, container, app } = pod
      return { namespace, pod: name, uid, container, app, sample: sampleOf(pod) }
    }),
    entries: pods
      .filter(({ namespace }) => !namespace.includes('-'))
      .map(pod => ({ selector: selector(pod), count: entriesOf(pod).length, sample: sampleOf(pod) })),
    labels: pods.slice(0, 2).map(pod => ({
      selector: selector(pod),
      have: ['namespace', 'pod', 'container', 'job', 'app', 'service', 'level', 'event', 'database'],
      not: ['filename', 'stream', 'pid', 'request_id', 'service_name'],
    })),
    queries: postgres ? eventQueries(postgres, selector(postgres)) : [],
    alerts: alertSamples.map(({ alert }) => alert),
    alerts_absent: [],
  }
  writeFileSync(join(folder, 'e2e.yaml'), stringify(expectations))
}

function eventQueries(pod: PrintingPod, selector: string) {
  const events = entriesOf(pod).flatMap(({ labels }) => labels.event ?? [])
  return [...new Set(events)].map(event => ({
    name: event,
    query: `sum(count_over_time(${selector.replace('}', `, event="${event}"}`)}[15m]))`,
    equals: events.filter(other => other === event).length,
  }))
}

/** A harness takes a line's own time, and Loki keeps two equal lines of one time once: so each gets a time of its own. */
function distinct(printed: string): string {
  let n = 0
  return printed
    .split('\n')
    .map(line =>
      line
        .replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d\.\d{3} UTC/, (_, minute) => `${minute}:${seconds(n++)} UTC`)
        .replace(/"time":\d{13}/, () => `"time":${1_795_656_853_000 + n++}`)
        // Loki's own lines, whose time such a harness does not know.
        .replace(/^level=.*/, text => `${text} n=${n++}`),
    )
    .join('\n')
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3).padStart(6, '0')
}

function sampleOf({ namespace, name, container }: PrintingPod): string {
  return `${container === 'postgresql' ? 'postgres-' : ''}${namespace}-${name}.log`
}
