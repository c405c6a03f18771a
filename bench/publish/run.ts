import { statSync } from 'node:fs'
import { join } from 'node:path'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { findTable } from '../../service/publish/read-table.ts'
import { insertPublication } from '../../service/store/publications.ts'
import { openLake } from '../../test/service/open-lake.ts'
import { openPublisher } from '../../test/service/publish/open-publisher.ts'
import { removeLake, temporaryFolder } from '../../test/service/run-service.ts'

// What it costs to publish a commit of one file in a table of ten thousand. The files are rows of the catalog: publishing opens none.

const [files, columns, commits] = [10_000, 16, 15]
const folder = temporaryFolder()
const lake = await openLake()
const { publisher, store, close } = await openPublisher({
  connections: lake.connections,
  service: lake.service,
  folder,
  session: 'bench of publications',
})
try {
  const names = Array.from({ length: columns }, (_, index) => `c${index}`)
  await lake.writer.run(`CREATE TABLE many (${names.map(name => `${name} BIGINT`)})`)
  await lake.writer.run(`INSERT INTO many SELECT ${names.map(() => 'range')} FROM range(1000)`)
  const table = await withPostgres(lake.connections.writer.catalog, async catalog => {
    const found = await findTable(catalog, 'main', 'many')
    const copied = (text: string) => catalog.query(text.replaceAll('TABLE_ID', `${found?.tableId}`))
    await copied(
      `INSERT INTO public.ducklake_data_file SELECT (jsonb_populate_record(f, jsonb_build_object('data_file_id', 1000000 + n, 'path', 'copy-' || n))).*
       FROM public.ducklake_data_file AS f, generate_series(2, ${files}) AS n WHERE f.table_id = TABLE_ID`,
    )
    await copied(
      `INSERT INTO public.ducklake_file_column_stats SELECT (jsonb_populate_record(s, jsonb_build_object('data_file_id', 1000000 + n))).*
       FROM public.ducklake_file_column_stats AS s, generate_series(2, ${files}) AS n WHERE s.table_id = TABLE_ID`,
    )
    return found
  })
  const [id = '', tableId = ''] = [table?.uuid, table?.tableId]
  await insertPublication(store.ask, { id, tableId, schema: 'main', table: 'many', folder: 'main/many/', leaveOut: [], createdBy: 'bench' })
  const timed = async () => {
    const started = performance.now()
    const { bytes, addedFiles } = await publisher.publish(id, { timeoutMs: 60_000 })
    return { ms: performance.now() - started, bytes, addedFiles }
  }
  const first = await timed()
  console.log(`first version, ${first.addedFiles} files of ${columns} columns: ${(first.ms / 1_000).toFixed(1)} s, ${first.bytes} bytes`)
  const times: number[] = []
  for (let commit = 1; commit <= commits; commit += 1) {
    await lake.writer.run(`INSERT INTO many SELECT ${names.map(() => 'range')} FROM range(10)`)
    const { ms, bytes } = await timed()
    // Every tenth version is also written as a checkpoint.
    if (commit % 10 === 0) {
      const path = join(folder, 'published/main/many/_delta_log', `${`${commit}`.padStart(20, '0')}.checkpoint.parquet`)
      console.log(`with a checkpoint: ${ms.toFixed(0)} ms, ${bytes} bytes and ${statSync(path).size} of the checkpoint`)
    } else {
      times.push(ms)
      if (commit === 1) console.log(`a commit of one file: ${bytes} bytes`)
    }
  }
  times.sort((a, b) => a - b)
  console.log(`a commit of one file: median ${times[times.length >> 1]?.toFixed(0)} ms, longest ${times.at(-1)?.toFixed(0)} ms`)
} finally {
  await close()
  await lake.close()
  removeLake(folder)
}
