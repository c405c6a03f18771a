import { Agent, request } from 'node:http'
import type { BenchLake } from '../query-service/bench-lake.ts'
import { median, rounds } from '../query-service/compare.ts'
import { type Figure, ratio } from '../query-service/report.ts'
import { open, type ServiceProcess } from '../query-service/service-process.ts'
import { startPlainWriters, writePlain } from './plain-writers.ts'

const writers = 8
const rowsEach = 10

/** How long each side writes in each round. */
const forMs = 5_000

const values = Array.from({ length: rowsEach }, (_, index) => `(${index}, 'row ${index}', TIMESTAMP '2026-01-01', 1.5)`)
const insert = `INSERT INTO lake.main.few VALUES ${values.join(', ')}`

/** Commits of ten rows by eight who write at the same time, through the service and without it, in turns. */
export async function smallCommits(lake: BenchLake, service: ServiceProcess): Promise<readonly Figure[]> {
  const plain = await startPlainWriters(lake, writers)
  const found: { service: number[]; plain: number[]; alone: number[] } = { service: [], plain: [], alone: [] }
  try {
    let commits = await writeByService(service, 1_000)
    for (let round = 0; round < rounds; round += 1) {
      found.service.push(await writeByService(service, forMs))
      found.plain.push(await writePlain(plain, insert, forMs))
      found.alone.push(await writePlain(plain.slice(0, 1), insert, forMs))
    }
    commits += [found.service, found.plain, found.alone].flat().reduce((sum, count) => sum + count, 0)
    await assertRows(service, commits * rowsEach)
  } finally {
    for (const child of plain) child.kill()
  }
  const [ours, theirs, alone] = [found.service, found.plain, found.alone].map(counts => Math.round((median(counts) / forMs) * 1_000))
  console.log(`10-row writes per second: service ${ours}, ${writers} plain loops ${theirs}, one plain loop ${alone}`)
  return [ratio('ingest', `10-row commits, ${writers} writers ÷ ${writers} plain loops`, (ours ?? 0) / (theirs ?? 1), { atLeast: 10 })]
}

/** @returns acknowledged writes */
async function writeByService({ url, headers }: ServiceProcess, ms: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: writers })
  const body = Array.from({ length: rowsEach }, (_, index) =>
    JSON.stringify({ id: index, name: `row ${index}`, at: '2026-01-01T00:00:00', price: 1.5 }),
  ).join('\n')
  const post = () =>
    new Promise<void>((resolve, reject) => {
      const options = {
        method: 'POST',
        agent,
        headers: { ...headers, 'content-type': 'application/x-ndjson', 'content-length': Buffer.byteLength(body) },
      }
      const asked = request(`${url}/v1/tables/main/few/rows`, options, answer => {
        answer.resume()
        answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`the service answered ${answer.statusCode}`))))
      })
      asked.once('error', reject).end(body)
    })
  const until = performance.now() + ms
  let written = 0
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (; performance.now() < until; written += 1) await post()
    }),
  )
  agent.destroy()
  return written
}

/** @throws Error if there is one row more or less than was acknowledged. */
async function assertRows({ url, headers }: ServiceProcess, expected: number): Promise<void> {
  const { answer } = await open(`${url}/v1/query`, { ...headers, 'content-type': 'application/sql' }, 'SELECT count(*) FROM few')
  let text = ''
  for await (const chunk of answer) text += chunk
  const { rows }: { readonly rows?: readonly (readonly string[])[] } = JSON.parse(text)
  if (Number(rows?.[0]?.[0]) !== expected) throw new Error(`${expected} rows were acknowledged, the table says ${text}`)
}
