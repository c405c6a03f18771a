import { setTimeout as sleep } from 'node:timers/promises'
import { isEntryPoint } from '../../../constructs/is-entry-point.ts'
import { askPanels, type PanelAnswer } from './ask-panels.ts'
import { panelSamples, sampleRequest } from './panel-samples.ts'
import { pushEntries } from './push-entries.ts'

/** Gives a real Loki something for every panel, then asks it what each panel asks.
 * @throws Error for a query that Loki refuses or that finds nothing. */
export async function checkPanels(lokiUrl: string): Promise<PanelAnswer[]> {
  await pushEntries(lokiUrl, panelSamples())
  await sleep(1_000)
  const to = Date.now()
  const answers = await askPanels(lokiUrl, { requestId: sampleRequest, from: to - 3_600_000, to })
  const empty = answers.filter(({ rows }) => rows === 0)
  if (empty.length === 0) return answers
  const shown = empty.map(({ dashboard, panel, query }) => `${dashboard}, ${panel}: ${query}`)
  throw new Error(`${empty.length} of ${answers.length} queries found nothing:\n${shown.join('\n')}`)
}

if (isEntryPoint(import.meta.url)) {
  for (const { dashboard, panel, rows, ms } of await checkPanels(process.argv[2] ?? 'http://localhost:3100'))
    console.log(`${dashboard.padEnd(20)} ${panel.padEnd(34)} ${String(rows).padStart(4)} rows ${String(ms).padStart(5)} ms`)
}
