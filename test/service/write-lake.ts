import { DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'

/** Runs statements in a lake, each its own commit, past the service. */
export async function writeLake(writer: LakeConnection, ...statements: readonly string[]): Promise<void> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  try {
    await loadExtensions(duckdb, writer.extensionDir)
    await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
    await duckdb.run('USE lake')
    for (const sql of statements) await duckdb.run(sql)
  } finally {
    duckdb.closeSync()
  }
}
