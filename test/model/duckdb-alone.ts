import type { DuckDBConnection } from '@duckdb/node-api'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from '../service/servers/external-lake.ts'
import { buildMissingPrograms, noMinio } from '../service/servers/minio-programs.ts'
import { DuckdbLake, openDuckdb } from './duckdb-lake.ts'
import { runModel } from './run-model.ts'

// `npm run duckdb-alone`: what is lost when writers use DuckDB without the service, the reason why it has inlining off and locks tables.
// Not a test: a race decides, and a new DuckDB may have mended it.

const writers = 3

buildMissingPrograms()
const missing = noMinio()
if (missing) throw new Error(`This needs ${missing}.`)
const servers = await startExternalServers()
try {
  for (const inlinedRows of [0, 10]) {
    const differences = await changedByDuckdb(`inlined_${inlinedRows}`, inlinedRows)
    console.log(`Up to ${inlinedRows} rows inlined: ${differences.length} times a writer did not find what it had written.`)
    for (const sentence of differences.slice(0, 5)) console.log(`  ${sentence}`)
  }
} finally {
  await servers.remove()
}

/** One connection for each writer and one that compacts. */
async function changedByDuckdb(table: string, inlinedRows: number): Promise<string[]> {
  const careless = withRootKey(connectionsOf(servers.environment).writer, servers)
  const open: DuckDBConnection[] = []
  try {
    for (let number = 0; number < writers; number += 1) open.push(await openDuckdb(careless, inlinedRows))
    const compactor = await openDuckdb(careless, inlinedRows)
    open.push(compactor)
    const name = `lake.main."${table}"`
    await open[0]?.run(`CREATE TABLE ${name} (writer INTEGER, id INTEGER, value INTEGER)`)
    if (inlinedRows > 0) await open[0]?.run(`CALL lake.set_option('data_inlining_row_limit', ${inlinedRows}, table_name => '${table}')`)
    const compact = new DuckdbLake(compactor, name)
    return await runModel(
      number => {
        const own = open[number]
        if (!own) throw new Error('no such writer')
        return Object.assign(new DuckdbLake(own, name), { compact: () => compact.compact() })
      },
      { writers, commands: 60, seed: 7, recreates: false },
    )
  } finally {
    for (const connection of open) connection.closeSync()
  }
}

/** DuckDB removes the file of a commit that lost, which a writer's own key may not do. */
function withRootKey(connection: LakeConnection, { minio }: ExternalServers): LakeConnection {
  return { ...connection, storage: { kind: 's3', ...minio.storage, ...minio.root } }
}
