import { setTimeout as sleep } from 'node:timers/promises'
import { isEntryPoint } from '../../../constructs/is-entry-point.ts'
import { ruleGroups } from '../../../constructs/log-rules.ts'
import { fields, list } from '../../../constructs/manifest.ts'
import { collect, postgresTarget, serviceTarget } from '../../constructs/collect.ts'
import { type AlertSample, alertSamples } from './alert-samples.ts'
import { lokiTarget } from './panel-samples.ts'
import { pushEntries } from './push-entries.ts'

/** What became of an alert's two samples. */
export interface AlertVerdict {
  readonly alert: string
  readonly quiet: boolean
  readonly fires: boolean
}

/** Gives a real Loki what each alert is about and, in another namespace, what it must let pass, then asks each rule's own expression.
 * @throws Error for an alert that does not tell the two apart, or that has no sample. */
export async function checkAlerts(lokiUrl: string): Promise<AlertVerdict[]> {
  for (const sample of alertSamples) {
    await push(lokiUrl, sample, 'quiet')
    await push(lokiUrl, sample, 'fires')
  }
  await sleep(1_000)
  const verdicts: AlertVerdict[] = []
  for (const { name, query } of ruleGroups().flatMap(group => group.alerts)) {
    const found = await namespacesOf(lokiUrl, query, Date.now())
    verdicts.push(
      query.startsWith('absent_over_time')
        ? { alert: name, quiet: found.length === 0, fires: (await namespacesOf(lokiUrl, query, Date.now() - longAgoMs)).length > 0 }
        : { alert: name, quiet: !found.includes(namespaceOf(name, 'quiet')), fires: found.includes(namespaceOf(name, 'fires')) },
    )
  }
  const wrong = verdicts.filter(({ quiet, fires }) => !quiet || !fires)
  if (wrong.length > 0) throw new Error(`${wrong.length} alerts do not tell: ${JSON.stringify(wrong)}`)
  return verdicts
}

/** Long before the first line that a test's Loki has. */
const longAgoMs = 20 * 86_400_000

const targets = { postgres: postgresTarget, service: serviceTarget, loki: lokiTarget }

async function push(lokiUrl: string, { alert, container, quiet, fires }: AlertSample, kind: 'quiet' | 'fires'): Promise<void> {
  const target = { ...targets[container], namespace: namespaceOf(alert, kind) }
  await pushEntries(lokiUrl, collect((kind === 'quiet' ? quiet : fires).join('\n'), target))
}

/** Another one in each run, so that a Loki may be checked again. */
const run = Date.now().toString(36)

function namespaceOf(alert: string, kind: 'quiet' | 'fires'): string {
  return `${kind}-${alert.toLowerCase()}-${run}`
}

/** The namespaces that an alert would be told of at this time. */
async function namespacesOf(lokiUrl: string, query: string, time: number): Promise<unknown[]> {
  const url = new URL('/loki/api/v1/query', lokiUrl)
  url.search = new URLSearchParams({ query, time: `${time}000000` }).toString()
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`Loki refuses ${query}: ${text.trim()}`)
  return list(fields(fields(JSON.parse(text)).data).result).map(series => fields(fields(series).metric).namespace)
}

if (isEntryPoint(import.meta.url)) {
  for (const { alert, quiet, fires } of await checkAlerts(process.argv[2] ?? 'http://localhost:3100'))
    console.log(`${alert.padEnd(32)} ${quiet ? 'quiet below, ' : 'NOT QUIET, '}${fires ? 'fires above' : 'DOES NOT FIRE'}`)
}
