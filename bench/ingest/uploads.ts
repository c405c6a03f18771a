import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setInterval as every } from 'node:timers'
import { promisify } from 'node:util'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type BenchLake, benchColumns, benchRows } from '../query-service/bench-lake.ts'
import { type Cost, compare, ownCpuS, rounds } from '../query-service/compare.ts'
import { costsOf, largestBelowMb, rssMbOf } from '../query-service/process-costs.ts'
import { type Figure, ratio } from '../query-service/report.ts'
import type { ServiceProcess } from '../query-service/service-process.ts'

/** Rows of 440 MB and of 1 GB as CSV. */
const csvRows = 5_840_000
const largeCsvRows = 13_300_000

/** With the types that DuckDB infers from the CSV: text becomes a wide decimal at a tenth of the speed, and COPY would make none. */
export const uploadedTable = `CREATE TABLE lake.main.uploaded
  (id BIGINT, code BIGINT, price DOUBLE, word VARCHAR, text VARCHAR, "when" TIMESTAMP, amount DOUBLE)`
const columns = 'id::BIGINT AS id, code::BIGINT AS code, price::DOUBLE AS price, word, text, "when", amount::DOUBLE AS amount'

const types = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' } as const
type Format = keyof typeof types

const sampleEveryMs = 50

/** A registration takes less than what two uploads of the same bytes differ by. */
const parquetRounds = 9

/** W6: large files into a table, beside what DuckDB alone takes for the same, and the memory that a larger one needs. */
export async function uploads(lake: BenchLake, service: ServiceProcess, wants: (name: string) => boolean): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-uploads-'))
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  try {
    await duckdb.run(`SET threads = ${lake.config.engine.threads}`)
    // First, while the gateway has what it has at rest.
    const needed = wants('memory') ? await memory(lake, service, duckdb, folder) : []
    const ofCsv = wants('csv') ? await csv(service, duckdb, folder) : []
    const ofParquet = wants('parquet') ? await parquet(service, duckdb, folder) : []
    return [...ofCsv, ...ofParquet, ...needed]
  } finally {
    duckdb.closeSync()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function csv(service: ServiceProcess, duckdb: DuckDBConnection, folder: string): Promise<readonly Figure[]> {
  const file = await makeFile(duckdb, folder, 'csv', csvRows)
  const [ours, copy] = await compare([
    { name: 'service', work: () => upload(service, 'csv', file, csvRows), cpuS: () => costsOf(service.pid).cpuS },
    {
      name: 'COPY',
      work: async () => void (await duckdb.run(`COPY (FROM read_csv('${file}')) TO '${join(folder, 'copy.parquet')}' (FORMAT parquet)`)),
      cpuS: ownCpuS,
    },
  ])
  if (!ours || !copy) throw new Error('nothing was measured')
  say('CSV of 440 MB, service', ours)
  say('CSV of 440 MB, COPY', copy)
  return [
    ratio('W6 CSV', 'wall ÷ COPY (read_csv) TO parquet', ours.wallS / copy.wallS, { atMost: 1.25 }),
    ratio('W6 CSV', 'CPU ÷ COPY (read_csv) TO parquet', ours.cpuS / copy.cpuS, { atMost: 1.25 }),
  ]
}

/** What an upload costs beyond the bytes' way to the disk, which one to a table that is not there costs too. */
async function parquet(service: ServiceProcess, duckdb: DuckDBConnection, folder: string): Promise<readonly Figure[]> {
  const file = await makeFile(duckdb, folder, 'parquet', benchRows, ', WRITE_BLOOM_FILTER false')
  const cpuS = () => costsOf(service.pid).cpuS
  const side = (name: string) => ({
    name,
    work: () =>
      upload(service, 'parquet', file, benchRows, { query: `?register=${name}`, registered: name === 'never' ? undefined : true }),
    cpuS,
  })
  const put = { name: 'PUT', work: async () => void (await send(service, 'parquet', file, 'missing/rows')), cpuS }
  const [trusted, checked, anew, bytes] = await compare([side('trusted'), side('checked'), side('never'), put], parquetRounds)
  if (!trusted || !checked || !anew || !bytes) throw new Error('nothing was measured')
  say('Parquet of 5 M rows, bytes alone', bytes)
  say('Parquet of 5 M rows, register=trusted', trusted)
  say('Parquet of 5 M rows, register=checked', checked)
  say('Parquet of 5 M rows, register=never', anew)
  const beyond = ({ cpuS: whole }: Cost) => whole - bytes.cpuS
  return [
    ratio('W6 Parquet', 'CPU seconds beyond the bytes’ way to the disk, register=trusted', beyond(trusted), { atMost: 0.1 }),
    ratio('W6 Parquet', 'the same, register=checked ÷ register=never', beyond(checked) / beyond(anew), { atMost: 0.5 }),
  ]
}

async function memory(lake: BenchLake, service: ServiceProcess, duckdb: DuckDBConnection, folder: string): Promise<readonly Figure[]> {
  const file = await makeFile(duckdb, folder, 'csv', largeCsvRows)
  const beforeMb = rssMbOf(service.pid)
  let [gatewayMb, writerMb] = [beforeMb, 0]
  for (let round = 0; round < rounds; round += 1) {
    const sampling = every(() => {
      gatewayMb = Math.max(gatewayMb, rssMbOf(service.pid))
      writerMb = Math.max(writerMb, largestBelowMb(service.pid))
    }, sampleEveryMs)
    await upload(service, 'csv', file, largeCsvRows)
    clearInterval(sampling)
  }
  return [
    ratio('W6 memory', 'MB that the gateway grows by at its peak, CSV of 1 GB', gatewayMb - beforeMb, { atMost: 30 }),
    ratio('W6 memory', 'MB of the writer, its peak', writerMb, { atMost: lake.config.engine.dataLimitMb }),
  ]
}

async function makeFile(duckdb: DuckDBConnection, folder: string, format: Format, rows: number, options = ''): Promise<string> {
  const file = join(folder, `${rows}.${format}`)
  await duckdb.run(
    `COPY (SELECT ${columns} FROM (SELECT ${benchColumns} FROM range(${rows}) AS t(i))) TO '${file}' (FORMAT ${format}${options})`,
  )
  return file
}

/** Sends a file into the table `uploaded`. @throws Error unless the service says that all of its rows are there. */
async function upload(
  service: ServiceProcess,
  format: Format,
  file: string,
  rows: number,
  { query = '', registered }: { readonly query?: string; readonly registered?: boolean | undefined } = {},
): Promise<void> {
  const answer = await send(service, format, file, `uploaded/rows${query}`)
  if (answer.rowCount !== rows) throw new Error(`${answer.rowCount} rows of ${rows} were written: ${answer.detail}`)
  if (answer.registered !== registered) throw new Error(`registered is ${answer.registered}: ${answer.rewrittenBecause}`)
}

async function send({ url, headers }: ServiceProcess, format: Format, file: string, path: string) {
  const words = Object.entries({ ...headers, 'content-type': types[format], expect: '' }).flatMap(([name, value]) => [
    '--header',
    `${name}: ${value}`,
  ])
  const address = `${url}/v1/tables/main/${path}`
  const { stdout } = await promisify(execFile)('curl', [
    '--silent',
    '--show-error',
    '--request',
    'POST',
    '--upload-file',
    file,
    ...words,
    address,
  ])
  const answer: {
    readonly rowCount?: number
    readonly registered?: boolean
    readonly rewrittenBecause?: string
    readonly detail?: string
  } = JSON.parse(stdout)
  return answer
}

function say(what: string, { wallS, cpuS }: Cost): void {
  console.log(`${what}: ${wallS.toFixed(2)} s, ${cpuS.toFixed(2)} CPU s`)
}
