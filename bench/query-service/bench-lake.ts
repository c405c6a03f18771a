import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { type Config, readConfig } from '../../service/config.ts'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { startEmbeddedLake } from '../../service/embedded/start-embedded-lake.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'

export const extensionDir = join('node_modules', '.cache', 'duckdb-extensions')

/** Rows of the table `bench`. */
export const benchRows = 5_000_000

/** The types that results are made of, in rows of about 110 bytes. */
export const benchColumns = `i::INTEGER AS id,
  CASE WHEN i % 7 = 0 THEN NULL ELSE (i * 7919 % 100003)::INTEGER END AS code,
  (i * 1.37) % 1000 AS price,
  'w' || (i % 5000) AS word,
  'some longer text ' || (i % 99991) AS text,
  TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * i AS "when",
  (i % 100000 / 100.0)::DECIMAL(15, 2) AS amount`

export interface BenchLake {
  readonly environment: Readonly<Record<string, string>>
  readonly lakeDir: string
  readonly config: Config
  /** As engines reach it, while the service runs. */
  readonly reader: LakeConnection
  readonly writer: LakeConnection
  remove(): Promise<void>
}

/** A lake in a folder of this machine, filled and at rest. */
export async function makeFolderLake(fill: (writer: DuckDBConnection) => Promise<void>): Promise<BenchLake> {
  const lakeDir = mkdtempSync(join(tmpdir(), 'bench-lake-'))
  const environment = { LAKE_DIR: lakeDir, EXTENSION_DIR: extensionDir }
  const config = readConfig({ ...process.env, ...environment }, [])
  const lake = await startEmbeddedLake(config, { say: () => {}, signal: new AbortController().signal })
  await fillAs(lake.connections.writer, fill)
  await lake.stop()
  const remove = async () => {
    for (const folder of [lakeDir, foldersOf(lakeDir).base]) rmSync(folder, { recursive: true, force: true })
  }
  return { environment, lakeDir, config, reader: lake.connections.reader, writer: lake.connections.writer, remove }
}

/** Gives the work a connection to the lake that may write. */
export async function fillAs(writer: LakeConnection, fill: (writer: DuckDBConnection) => Promise<void>): Promise<void> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(duckdb, extensionDir)
  await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
  await fill(duckdb)
  duckdb.closeSync()
}

export async function fillBenchTable(writer: DuckDBConnection): Promise<void> {
  await writer.run(`CREATE TABLE lake.main.bench AS SELECT ${benchColumns} FROM range(${benchRows}) AS t(i)`)
}
