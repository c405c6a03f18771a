import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import type { CatalogLogin, EngineClass, LakeConnection } from '../../service/catalog/lake-connection.ts'
import { readConfig } from '../../service/config.ts'
import { startEmbeddedLake } from '../../service/embedded/start-embedded-lake.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'
import { extensionDir, removeLake, temporaryFolder } from './run-service.ts'

export interface OpenLake {
  /** An engine's own connection: attached for reading, locked. */
  readonly reader: DuckDBConnection
  readonly writer: DuckDBConnection
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
  /** The gateway's own login. */
  readonly service: CatalogLogin
  /** Another engine's connection; whoever asked for it closes it. */
  readonly attach: (engineClass: EngineClass) => Promise<DuckDBConnection>
  /** The folder of the Parquet files. */
  readonly dataPath: string
  close(): Promise<void>
}

/** A new embedded lake with its example table, without a service around it. */
export async function openLake(): Promise<OpenLake> {
  const lakeDir = temporaryFolder()
  const { PATH = '', HOME = '' } = process.env
  const config = readConfig({ PATH, HOME, LAKE_DIR: lakeDir, EXTENSION_DIR: extensionDir }, [])
  const lake = await startEmbeddedLake(config, { say: () => {}, signal: new AbortController().signal })
  const reader = await attachLake(lake.reader, config.engine, lake.spillDir)
  const writer = await openWriter(lake.connections.writer)
  return {
    reader,
    writer,
    connections: lake.connections,
    service: lake.service,
    attach: engineClass => attachLake(lake.connections[engineClass], config.engine, lake.spillDir, [], [], engineClass),
    dataPath: lake.reader.dataPath,
    close: async () => {
      reader.closeSync()
      writer.closeSync()
      await lake.stop()
      removeLake(lakeDir)
    },
  }
}

/** The lake as its writing role has it, without a gate. */
export async function openWriter(writer: LakeConnection): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(connection, extensionDir)
  await connection.run(secretsSql(writer) + storageSettingsSql(writer))
  await connection.run(attachSql(writer, { readOnly: false, create: false }))
  await connection.run('USE lake')
  return connection
}
