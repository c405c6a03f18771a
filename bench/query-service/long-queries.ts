import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './compare.ts'
import { type Figure, ratio } from './report.ts'
import { open, read, type ServiceProcess } from './service-process.ts'

const longAtOnce = 16
const probes = 200

/** W5: sixteen long statements of one caller, and a dashboard that asks for something short. */
export async function longQueries({ url, headers }: ServiceProcess): Promise<Figure[]> {
  const json = { ...headers, 'content-type': 'application/json' }
  // The key's share is sixteen: the probes need a key of their own.
  const { answer: made } = await open(`${url}/v1/keys`, json, JSON.stringify({ name: 'probe', scopes: ['read'] }))
  let text = ''
  for await (const chunk of made.setEncoding('utf8')) text += chunk
  const { key }: { key: string } = JSON.parse(text)
  const long = JSON.stringify({ sql: 'SELECT sum(hash(id, text)) FROM bench, range(1000)', timeoutMs: 30_000 })
  const running = Array.from({ length: longAtOnce }, () => read(`${url}/v1/query`, json, long).catch(() => 0))
  await sleep(1_000)
  const times: number[] = []
  for (let time = 0; time < probes; time += 1) {
    const started = performance.now()
    await read(`${url}/v1/query`, { ...json, authorization: `Bearer ${key}` }, JSON.stringify({ sql: 'SELECT 42', timeoutMs: 1_000 }))
    times.push(performance.now() - started)
    await sleep(20)
  }
  void running
  return [ratio('W5 16 long statements', 'p99 of SELECT 42 beside them, ms', percentile(times, 0.99), { atMost: 100 })]
}
