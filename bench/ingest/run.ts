import { execFileSync } from 'node:child_process'
import { makeFolderLake } from '../query-service/bench-lake.ts'
import { rounds } from '../query-service/compare.ts'
import { type Figure, report } from '../query-service/report.ts'
import { startServiceProcess } from '../query-service/service-process.ts'
import { queue, queuedTable } from './queue.ts'
import { smallCommits } from './small-commits.ts'
import { uploadedTable, uploads } from './uploads.ts'

// What it costs to get rows into the lake over HTTP, beside programs that write into it by themselves, on the same machine, in turns.

execFileSync(process.execPath, ['.ci/build.mjs'], { stdio: 'inherit' })
const wanted = process.argv.slice(2)
const wants = (name: string) => wanted.length === 0 || wanted.includes(name)
const wantsUpload = (name: string) => wants('W6') || wanted.includes(name)
const figures: Figure[] = []

const lake = await makeFolderLake(async writer => {
  await writer.run(uploadedTable)
  await writer.run(queuedTable)
  await writer.run('CREATE TABLE lake.main.few (id BIGINT, name VARCHAR, "at" TIMESTAMP, price DOUBLE)')
})
const service = await startServiceProcess(lake.environment)
try {
  if (wants('commits')) figures.push(...(await smallCommits(lake, service)))
  if (wants('queue')) figures.push(...(await queue(lake, service)))
  if (['memory', 'csv', 'parquet'].some(wantsUpload)) figures.push(...(await uploads(lake, service, wantsUpload)))
} finally {
  await service.stop()
  await lake.remove()
}
report(wanted.length === 0 ? 'ingest' : `ingest-${wanted.join('-')}`, figures, { rounds })
process.exit(0)
