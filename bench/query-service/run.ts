import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { atRest } from './at-rest.ts'
import { benchColumns, benchRows, fillBenchTable, makeFolderLake } from './bench-lake.ts'
import { rounds } from './compare.ts'
import { exports } from './exports.ts'
import { longQueries } from './long-queries.ts'
import { startChdb, startHello, startRoapi } from './peers/start.ts'
import { type Figure, report } from './report.ts'
import { startServiceProcess } from './service-process.ts'
import { smallQueries } from './small-queries.ts'
import { tpch } from './tpch.ts'
import { unreadExports } from './unread-exports.ts'

// What the way over HTTP costs: the same work through the service, in this process and by others, on the same machine, in turns. Ratios of one
// run mean something on any machine; seconds do not. `npm run bench -- W1 W3` measures only those.

execFileSync(process.execPath, ['.ci/build.mjs'], { stdio: 'inherit' })
const wanted = process.argv.slice(2)
const wants = (name: string) => wanted.length === 0 || wanted.includes(name)
const figures: Figure[] = []

if (wants('W8')) figures.push(...(await atRest()))
if (wants('W2')) figures.push(...(await tpch()))
if (['W1', 'W3', 'W4', 'W5'].some(wants)) {
  const lake = await makeFolderLake(fillBenchTable)
  const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'))
  const parquet = join(folder, 'bench.parquet')
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await duckdb.run(`COPY (SELECT ${benchColumns} FROM range(${benchRows}) AS t(i)) TO '${parquet}' (FORMAT parquet)`)
  duckdb.closeSync()
  const running: { stop(): Promise<void> }[] = []
  const started = <Server extends { stop(): Promise<void> } | undefined>(server: Server): Server => {
    if (server) running.push(server)
    return server
  }
  try {
    const service = started(await startServiceProcess(lake.environment))
    if (wants('W4')) figures.push(...(await unreadExports(service)))
    if (wants('W1') || wants('W3')) {
      const hello = started(await startHello())
      const peers = { hello, roapi: started(await startRoapi(parquet)), chdb: started(await startChdb(parquet)) }
      if (wants('W1')) figures.push(...(await smallQueries(lake, service, peers)))
      if (wants('W3')) figures.push(...(await exports(lake, service, peers)))
    }
    if (wants('W5')) figures.push(...(await longQueries(service)))
  } finally {
    for (const server of running) await server.stop()
    await lake.remove()
    rmSync(folder, { recursive: true })
  }
}
report(wanted.length === 0 ? 'query-service' : `query-service-${wanted.join('-')}`, figures, { rounds })
process.exit(0)
