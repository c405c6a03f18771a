import { execFileSync } from 'node:child_process'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StreamFormat } from '../../service/results/formats.ts'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let metricsPort = 0
beforeAll(async () => {
  metricsPort = await freePort()
  service = await startService({ METRICS_PORT: `${metricsPort}`, ENGINES: '2', ENGINES_SHORT: '0', ENGINE_SPARES: '1', WRITE_ENGINES: '0' })
})
afterAll(() => stopService(service))

const rows = 500_000

function engines(): number[] {
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', `${service.child.pid}`], { encoding: 'utf8' })
  return children
    .split('\n')
    .filter(line => line.includes('engine/engine.js'))
    .map(line => Number(line.trim().split(' ')[0]))
}

const lines = (bytes: Buffer) => bytes.toString().trimEnd().split('\n').length
const isWhole: Readonly<Record<StreamFormat, (bytes: Buffer) => boolean>> = {
  ndjson: bytes => lines(bytes) === rows,
  csv: bytes => lines(bytes) === rows + 1,
  parquet: bytes => bytes.subarray(-4).toString() === 'PAR1',
  arrow: bytes => tableFromIPC(bytes).numRows === rows,
}

type Outcome = 'complete' | 'cut' | 'refused' | 'looked complete and was not'

async function exportRows(format: StreamFormat): Promise<Outcome> {
  const response = await fetch(`${service.url}/v1/query?format=${format}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql', 'accept-encoding': 'identity' },
    body: `SELECT i, 'row number ' || i AS name, i * 1.5 AS price FROM range(${rows}) AS t(i)`,
  })
  if (response.status !== 200) {
    await response.text()
    return 'refused'
  }
  let bytes: Buffer
  try {
    bytes = Buffer.from(await response.arrayBuffer())
  } catch {
    return 'cut'
  }
  const whole = isWhole[format](bytes)
  return whole ? 'complete' : 'looked complete and was not'
}

it('no export of 200 looks complete without being it while engines are killed', { timeout: 300_000 }, async () => {
  const outcomes: Outcome[] = []
  let killed = 0
  let working = true
  const killer = (async () => {
    while (working) {
      await new Promise(resolve => setTimeout(resolve, Math.random() * 500))
      const all = engines()
      // As soon as the spare is back: any of them, at whatever it does.
      const victim = all.length >= 3 ? all[Math.floor(Math.random() * all.length)] : undefined
      if (victim === undefined) continue
      process.kill(victim, 'SIGKILL')
      killed += 1
    }
  })()
  const readers = [0, 1].map(async reader => {
    for (let number = reader; outcomes.length < 200 || killed < 25; number += 1) {
      outcomes.push(await exportRows((['ndjson', 'csv', 'parquet', 'arrow'] as const)[number % 4] ?? 'csv'))
    }
  })
  await Promise.all(readers)
  working = false
  await killer

  expect(outcomes.length).toBeGreaterThanOrEqual(200)
  expect(outcomes.filter(outcome => outcome === 'looked complete and was not')).toEqual([])
  // Otherwise nothing was tried.
  expect(killed).toBeGreaterThanOrEqual(25)
  expect(outcomes.filter(outcome => outcome === 'cut').length).toBeGreaterThan(5)
  expect(outcomes.filter(outcome => outcome === 'complete').length).toBeGreaterThan(20)

  // The gateway is the same process, and the engines come back.
  await expect.poll(() => engines().length, { timeout: 15_000 }).toBe(3)
  expect((await service.query('SELECT count(*) FROM rides')).body).toMatchObject({ rows: [['500']] })
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(Number(/ducklake_engine_ends_total\{how="lost"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(15)
})
