import { join } from 'node:path'
import autocannon from 'autocannon'
import { attachLake } from '../../service/engine/attach-lake.ts'
import type { BenchLake } from './bench-lake.ts'
import { median, ownCpuS, rounds } from './compare.ts'
import type { Peer } from './peers/peer-process.ts'
import { costsOf } from './process-costs.ts'
import { type Figure, ratio } from './report.ts'
import type { ServiceProcess } from './service-process.ts'

const secondsEach = 4

interface Load {
  readonly url: string
  readonly pid: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Speed {
  readonly perSecond: number
  readonly cpuUs: number
}

/** W1: what a statement costs that costs nothing. Against the same in this process plus a handler that does nothing, and against ROAPI. */
export async function smallQueries(
  lake: BenchLake,
  service: ServiceProcess,
  peers: { hello: Peer; roapi: Peer | undefined; chdb: Peer | undefined },
): Promise<Figure[]> {
  const figures: Figure[] = []
  const statements = { 'SELECT 42': 'SELECT 42 AS n', 'point query': 'SELECT * FROM bench WHERE id = 2500000' }
  const inProcess = await inProcessCost(lake, statements)
  for (const [name, sql] of Object.entries(statements)) {
    for (const connections of [1, 16]) {
      const contenders: Record<string, Load> = {
        service: {
          url: `${service.url}/v1/query`,
          pid: service.pid,
          headers: { ...service.headers, 'content-type': 'application/json' },
          body: JSON.stringify({ sql, timeoutMs: 1_000 }),
        },
        hello: { ...peers.hello, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sql }) },
        ...(peers.roapi && { roapi: { ...peers.roapi, headers: { accept: 'application/json' }, body: sql } }),
        ...(peers.chdb && {
          chdb: { ...peers.chdb, url: `${peers.chdb.url}?format=JSON`, headers: { 'content-type': 'text/plain' }, body: sql },
        }),
      }
      const found = await inTurns(contenders, connections)
      console.table({ [`${name}, ${connections}`]: { inProcessUs: inProcess[name] } })
      console.table(found)
      const limitUs = (found.hello?.cpuUs ?? Number.NaN) + (inProcess[name] ?? Number.NaN)
      const workload = `W1 ${name}, ${connections} caller${connections > 1 ? 's' : ''}`
      const ours = found.service ?? { perSecond: Number.NaN, cpuUs: Number.NaN }
      figures.push(
        ratio(
          workload,
          `CPU of a request (${ours.cpuUs.toFixed(0)} µs) ÷ in process, prepared + Fastify hello (${limitUs.toFixed(0)} µs)`,
          ours.cpuUs / limitUs,
          { atMost: 2 },
        ),
      )
      if (found.roapi)
        figures.push(
          ratio(
            workload,
            `requests a second (${ours.perSecond.toFixed(0)}) ÷ ROAPI's (${found.roapi.perSecond.toFixed(0)})`,
            ours.perSecond / found.roapi.perSecond,
            { atLeast: 1.5 },
          ),
        )
      if (found.chdb)
        figures.push(
          ratio(
            workload,
            `requests a second ÷ chDB's behind Fastify (${found.chdb.perSecond.toFixed(0)})`,
            ours.perSecond / found.chdb.perSecond,
            { atLeast: 1 },
          ),
        )
    }
  }
  return figures
}

async function inTurns(loads: Readonly<Record<string, Load>>, connections: number): Promise<Readonly<Record<string, Speed>>> {
  const runs: Record<string, Speed[]> = {}
  for (let round = 0; round < rounds; round += 1)
    for (const [name, load] of Object.entries(loads)) runs[name] = [...(runs[name] ?? []), await loaded(load, connections)]
  return Object.fromEntries(
    Object.entries(runs).map(([name, of]) => [
      name,
      { perSecond: median(of.map(({ perSecond }) => perSecond)), cpuUs: median(of.map(({ cpuUs }) => cpuUs)) },
    ]),
  )
}

async function loaded({ url, pid, headers, body }: Load, connections: number): Promise<Speed> {
  const before = costsOf(pid).cpuS
  const { requests, non2xx, errors, duration } = await autocannon({
    url,
    connections,
    duration: secondsEach,
    method: 'POST',
    headers,
    body,
  })
  // On a machine that others use as well, a statement that allows itself one second may take longer.
  if (non2xx > requests.total / 1_000 || errors > 0) throw new Error(`${url}: ${non2xx} answers were no result, ${errors} failed`)
  return { perSecond: requests.total / duration, cpuUs: ((costsOf(pid).cpuS - before) / requests.total) * 1e6 }
}

/** CPU microseconds of each statement here, prepared once: the least that DuckDB needs. */
async function inProcessCost(lake: BenchLake, statements: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>> {
  const times = 1_000
  const duckdb = await attachLake(lake.reader, lake.config.engine, join(lake.lakeDir, 'spill'))
  const costs: Record<string, number> = {}
  for (const [name, sql] of Object.entries(statements)) {
    const prepared = await duckdb.prepare(sql)
    const runs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const before = ownCpuS()
      for (let time = 0; time < times; time += 1) (await prepared.run()).getChunk(0).getRows()
      runs.push(((ownCpuS() - before) / times) * 1e6)
    }
    costs[name] = median(runs)
  }
  duckdb.closeSync()
  return costs
}
