import type { Entry } from '../../../constructs/log-pipeline/run-pipeline.ts'

/** Sends entries as a collector does, each a millisecond later than the one before; the last is now. */
export async function pushEntries(lokiUrl: string, entries: readonly Entry[]): Promise<void> {
  const first = Date.now() - entries.length
  const streams = entries.map(({ labels, metadata, line }, index) => ({
    stream: labels,
    values: [[`${first + index}000000`, line, metadata]],
  }))
  const response = await fetch(new URL('/loki/api/v1/push', lokiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ streams }),
  })
  if (!response.ok) throw new Error(`Loki did not take the entries: ${response.status} ${await response.text()}`)
}
