import { join } from 'node:path'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { type BenchLake, benchRows } from './bench-lake.ts'
import { compare, ownCpuS } from './compare.ts'
import type { Peer } from './peers/peer-process.ts'
import { costsOf } from './process-costs.ts'
import { type Figure, ratio } from './report.ts'
import { download, type ServiceProcess } from './service-process.ts'

const bounds = { ndjson: 1.4, csv: 1.25, parquet: 1.35 } as const
const copies = { ndjson: 'FORMAT json', csv: 'FORMAT csv', parquet: 'FORMAT parquet, COMPRESSION snappy' } as const
const atLeastRoapi: Readonly<Record<string, number>> = { ndjson: 1.8, parquet: 1.4 }
const roapiAccept: Readonly<Record<string, string>> = {
  ndjson: 'application/json',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
}
const chdbFormat: Readonly<Record<string, string>> = {
  ndjson: 'JSONEachRow',
  csv: 'CSVWithNames',
  parquet: 'Parquet',
  arrow: 'ArrowStream',
}

/** W3: five million rows to a caller that drops them. Against DuckDB's own COPY to nowhere, ROAPI and chDB. */
export async function exports(
  lake: BenchLake,
  service: ServiceProcess,
  peers: { roapi: Peer | undefined; chdb: Peer | undefined },
): Promise<Figure[]> {
  const duckdb = await attachLake(lake.reader, lake.config.engine, join(lake.lakeDir, 'spill'), ['/dev/null'])
  await duckdb.run('SET preserve_insertion_order = false')
  const figures: Figure[] = []
  for (const format of ['ndjson', 'csv', 'parquet', 'arrow'] as const) {
    const { roapi, chdb } = peers
    const contenders = [
      {
        name: 'service',
        work: async () => {
          await download(
            `${service.url}/v1/query?format=${format}`,
            { ...service.headers, 'content-type': 'application/sql' },
            'FROM bench',
          )
        },
        cpuS: () => costsOf(service.pid).cpuS,
      },
      ...(format === 'arrow'
        ? []
        : [
            {
              name: 'COPY',
              work: async () => void (await duckdb.run(`COPY (FROM bench) TO '/dev/null' (${copies[format]})`)),
              cpuS: ownCpuS,
            },
          ]),
      ...(roapi
        ? [
            {
              name: 'ROAPI',
              work: () => download(roapi.url, { accept: roapiAccept[format] ?? '' }, 'SELECT * FROM bench'),
              cpuS: () => costsOf(roapi.pid).cpuS,
            },
          ]
        : []),
      ...(chdb
        ? [
            {
              name: 'chDB',
              work: () => download(`${chdb.url}?format=${chdbFormat[format]}`, { 'content-type': 'text/plain' }, 'SELECT * FROM bench'),
              cpuS: () => costsOf(chdb.pid).cpuS,
            },
          ]
        : []),
    ]
    const costs = await compare(contenders)
    const [ours] = costs
    if (!ours) continue
    const speed = `${(benchRows / ours.wallS / 1e6).toFixed(2)} M rows/s, ${ours.cpuS.toFixed(1)} CPU s`
    for (const [index, { name }] of contenders.entries()) {
      const theirs = costs[index]
      if (index === 0 || !theirs) continue
      const workload = `W3 ${format}`
      const what = `${name} (${theirs.wallS.toFixed(2)} s, ${theirs.cpuS.toFixed(1)} CPU s)`
      if (name === 'COPY' && format !== 'arrow')
        figures.push(ratio(workload, `wall (${speed}) ÷ ${what}`, ours.wallS / theirs.wallS, { atMost: bounds[format] }))
      else
        figures.push(
          ratio(workload, `rows/s ÷ ${what}`, theirs.wallS / ours.wallS, {
            atLeast: (name === 'ROAPI' ? atLeastRoapi[format] : undefined) ?? 1,
          }),
        )
    }
  }
  duckdb.closeSync()
  return figures
}
