import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { readConfig } from '../../service/config.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { encodeJson } from '../../service/engine/encode-json.ts'
import { connectionsOf, startExternalServers } from '../../test/service/servers/external-lake.ts'
import { extensionDir, fillAs, makeFolderLake } from './bench-lake.ts'
import { compare, ownCpuS } from './compare.ts'
import { costsOf } from './process-costs.ts'
import { type Figure, ratio } from './report.ts'
import { answerTo, type ServiceProcess, startServiceProcess } from './service-process.ts'
import { fillTpch, prepareTpch } from './tpch-data.ts'

/** Of each query: they are short, and one that met somebody else's work would count for all. */
const times = 5

/** The sixteenth query has 18,314 rows, more than a JSON answer by default. */
const allRows = { QUERY_MAX_ROWS: '20000' }

/** W2: the 22 queries of TPC-H over HTTP, against the same in this process, on files of this machine and on an object store. */
export async function tpch(): Promise<Figure[]> {
  const queries = await prepareTpch()
  return [...(await onFolder(queries)), ...(await onMinio(queries))]
}

async function onFolder(queries: readonly string[]): Promise<Figure[]> {
  const lake = await makeFolderLake(fillTpch)
  const service = await startServiceProcess({ ...lake.environment, ...allRows })
  try {
    return await compared('files of this machine', queries, service, lake.reader)
  } finally {
    await service.stop()
    await lake.remove()
  }
}

async function onMinio(queries: readonly string[]): Promise<Figure[]> {
  const servers = await startExternalServers()
  const lakeDir = mkdtempSync(join(tmpdir(), 'bench-lake-'))
  try {
    const { reader, writer } = connectionsOf(servers.environment)
    await fillAs(writer, fillTpch)
    const service = await startServiceProcess({ ...servers.environment, ...allRows, LAKE_DIR: lakeDir, EXTENSION_DIR: extensionDir })
    try {
      return await compared('MinIO', queries, service, reader)
    } finally {
      await service.stop()
    }
  } finally {
    await servers.remove()
    rmSync(lakeDir, { recursive: true })
  }
}

async function compared(storage: string, queries: readonly string[], service: ServiceProcess, reader: LakeConnection): Promise<Figure[]> {
  const spillDir = mkdtempSync(join(tmpdir(), 'bench-spill-'))
  const duckdb = await attachLake(reader, readConfig({}, []).engine, spillDir)
  // What is read for the first time is another matter.
  for (const [index, sql] of queries.entries()) {
    if (!isDeepStrictEqual(await overHttp(service, sql), await inProcess(duckdb, sql)))
      throw new Error(`query ${index + 1} has another answer over HTTP`)
  }
  const costs = []
  for (const sql of queries) {
    const [ours, limit] = await compare(
      [
        { name: 'service', work: async () => void (await overHttp(service, sql)), cpuS: () => costsOf(service.pid).cpuS },
        { name: 'in process', work: async () => void (await inProcess(duckdb, sql)), cpuS: ownCpuS },
      ],
      times,
    )
    if (ours && limit) costs.push({ ours, limit })
  }
  duckdb.closeSync()
  rmSync(spillDir, { recursive: true })
  console.table(costs.map(({ ours, limit }) => ({ overHttpMs: ours.wallS * 1_000, inProcessMs: limit.wallS * 1_000 })))
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  const [ours, limit] = [sum(costs.map(cost => cost.ours.wallS)), sum(costs.map(cost => cost.limit.wallS))]
  const [oursCpu, limitCpu] = [sum(costs.map(cost => cost.ours.cpuS)), sum(costs.map(cost => cost.limit.cpuS))]
  const words = (wallS: number, cpuS: number) => `${wallS.toFixed(2)} s, ${cpuS.toFixed(1)} CPU s`
  return [
    ratio(`W2 ${storage}`, `22 queries of TPC-H (${words(ours, oursCpu)}) ÷ in process (${words(limit, limitCpu)})`, ours / limit, {
      atMost: 1.05,
    }),
  ]
}

/** As text, each by itself: rows that are equal in what they are ordered by come in any order. */
async function overHttp({ url, headers }: ServiceProcess, sql: string): Promise<readonly string[]> {
  const text = await answerTo(`${url}/v1/query`, { ...headers, 'content-type': 'application/sql' }, sql)
  const { rows }: { rows: readonly unknown[] } = JSON.parse(text)
  return rows.map(row => JSON.stringify(row)).sort()
}

async function inProcess(duckdb: DuckDBConnection, sql: string): Promise<readonly string[]> {
  const rows = (await duckdb.runAndReadAll(sql)).getRows()
  return rows.map(row => JSON.stringify(row.map(encodeJson))).sort()
}
