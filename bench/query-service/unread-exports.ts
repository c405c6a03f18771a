import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from './compare.ts'
import { costsOf } from './process-costs.ts'
import { type Figure, ratio } from './report.ts'
import { open, read, type ServiceProcess } from './service-process.ts'

/** Exports beside each other that their callers do not read: as many as there are engines for long statements. */
const exportsAtOnce = 2
const probes = 200

/** W4: callers that ask for an export and then do not read it. What each costs in memory, and what others feel of it. */
export async function unreadExports(service: ServiceProcess): Promise<Figure[]> {
  const figures: Figure[] = []
  const headers = { ...service.headers, 'content-type': 'application/sql' }
  for (const format of ['ndjson', 'csv', 'parquet', 'arrow']) {
    // What an engine keeps after its first export of a kind is not the unread one's.
    for (let time = 0; time < 4; time += 1)
      await Promise.all([
        read(`${service.url}/v1/query?format=${format}`, headers, 'FROM bench'),
        read(`${service.url}/v1/query?format=${format}`, headers, 'FROM bench'),
      ])
    await sleep(500)
    const alone = await probe(service)
    const before = costsOf(service.pid).rssMb
    const unread = await Promise.all(
      Array.from({ length: exportsAtOnce }, () => open(`${service.url}/v1/query?format=${format}`, headers, 'FROM bench')),
    )
    await sleep(3_000)
    const beside = await probe(service)
    const each = (costsOf(service.pid).rssMb - before) / exportsAtOnce
    for (const { asked } of unread) asked.destroy()
    figures.push(
      ratio(`W4 ${format}`, 'MB of all processes for each unread export', each, { atMost: 8 }),
      ratio(`W4 ${format}`, `p99 of SELECT 42 beside them (${beside.toFixed(1)} ms) ÷ alone (${alone.toFixed(1)} ms)`, beside / alone, {
        atMost: 1.5,
      }),
    )
    await sleep(1_000)
  }
  return figures
}

async function probe({ url, headers }: ServiceProcess): Promise<number> {
  const times: number[] = []
  for (let time = 0; time < probes; time += 1) {
    const started = performance.now()
    await read(
      `${url}/v1/query`,
      { ...headers, 'content-type': 'application/json' },
      JSON.stringify({ sql: 'SELECT 42', timeoutMs: 1_000 }),
    )
    times.push(performance.now() - started)
  }
  return percentile(times, 0.99)
}
