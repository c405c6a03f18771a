import { DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'

// What a program does that writes into the lake by itself: DuckDB, DuckLake, PostgreSQL, and a commit for each few rows. It begins when it is
// told to, and says how many commits it made until it was told to end.

const duckdb = await (await DuckDBInstance.create(':memory:')).connect()

process.on('message', (message: { readonly writer?: LakeConnection; readonly insert?: string; readonly forMs?: number }) => {
  if (message.writer) attach(message.writer)
  else run(message.insert ?? '', message.forMs ?? 0)
})

async function attach(writer: LakeConnection): Promise<void> {
  await loadExtensions(duckdb, writer.extensionDir)
  await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
  // With the ten that are the default some of its writes would fail.
  await duckdb.run('SET ducklake_max_retry_count = 100; USE lake')
  process.send?.('ready')
}

async function run(insert: string, forMs: number): Promise<void> {
  const until = performance.now() + forMs
  let commits = 0
  for (; performance.now() < until; commits += 1) await duckdb.run(insert)
  process.send?.(commits)
}
