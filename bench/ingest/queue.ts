import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchLake } from '../query-service/bench-lake.ts'
import { median, rounds } from '../query-service/compare.ts'
import { type Figure, ratio } from '../query-service/report.ts'
import { open, type ServiceProcess } from '../query-service/service-process.ts'
import { startPlainWriters, writePlain } from './plain-writers.ts'

const messages = 10_000
const senders = 8

/** Messages of one body: below the limit of 4 MB. */
const bodyMessages = 250

/** How long the other side writes in each round. */
const plainMs = 5_000

export const queuedTable = 'CREATE TABLE lake.main.messages (id BIGINT, text VARCHAR)'

const text = 'x'.repeat(1_000)

/** Messages of 1 KB through the queue into their table, from the first one sent to the last one visible, beside a program that makes a commit
 * of each. @throws Error if one is lost or there twice. */
export async function queue(lake: BenchLake, service: ServiceProcess): Promise<readonly Figure[]> {
  const plain = await startPlainWriters(lake, 1)
  const found: { queue: number[]; plain: number[] } = { queue: [], plain: [] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now()
      await send(service, round * messages)
      await arrived(service, round * messages)
      found.queue.push((messages / (performance.now() - began)) * 1_000)
      const commits = await writePlain(plain, `INSERT INTO lake.main.messages VALUES (-1, '${text}')`, plainMs)
      found.plain.push((commits / plainMs) * 1_000)
    }
  } finally {
    for (const child of plain) child.kill()
  }
  const [ours, theirs] = [median(found.queue), median(found.plain)]
  console.log(`messages per second: queue ${Math.round(ours)}, a commit each ${Math.round(theirs)}`)
  return [ratio('ingest', '10,000 messages of 1 KB, drained ÷ a commit each', ours / theirs, { atLeast: 5 })]
}

async function send({ url, headers }: ServiceProcess, firstId: number): Promise<void> {
  let next = firstId
  const end = firstId + messages
  const sendAll = async () => {
    while (next < end) {
      const ids = Array.from({ length: Math.min(bodyMessages, end - next) }, (_, index) => next + index)
      next += ids.length
      const body = ids.map(id => JSON.stringify({ id, text })).join('\n')
      const { answer } = await open(`${url}/v1/queue/messages`, { ...headers, 'content-type': 'application/x-ndjson' }, body)
      answer.resume()
      if (answer.statusCode !== 202) throw new Error(`the service answered ${answer.statusCode}`)
    }
  }
  await Promise.all(Array.from({ length: senders }, sendAll))
}

/** Resolves when all of the round are in the table. */
async function arrived(service: ServiceProcess, firstId: number): Promise<void> {
  const sql = `SELECT count(*), count(DISTINCT id) FROM messages WHERE id >= ${firstId}`
  for (;;) {
    const [[all, distinct] = []] = await ask(service, sql)
    if (Number(all) !== Number(distinct) || Number(all) > messages) throw new Error(`${all} rows have ${distinct} ids`)
    if (Number(all) === messages) return
    await sleep(50)
  }
}

async function ask({ url, headers }: ServiceProcess, sql: string): Promise<readonly (readonly string[])[]> {
  const { answer } = await open(`${url}/v1/query`, { ...headers, 'content-type': 'application/sql' }, sql)
  let json = ''
  for await (const chunk of answer) json += chunk
  const { rows = [] }: { readonly rows?: readonly (readonly string[])[] } = JSON.parse(json)
  return rows
}
