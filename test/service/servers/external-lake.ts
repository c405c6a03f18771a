import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { makeKey } from '../../../service/access/api-key.ts'
import { attachSql, secretsSql, storageSettingsSql } from '../../../service/catalog/attach-sql.ts'
import { createExampleTable } from '../../../service/catalog/create-example-table.ts'
import { readConfig } from '../../../service/config.ts'
import { loadExtensions } from '../../../service/extensions/load-extensions.ts'
import { externalConnections } from '../../../service/external/external-connections.ts'
import { extensionDir, removeLake, runModule, temporaryFolder } from '../run-service.ts'
import { type MinioServer, startMinio } from './minio-server.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'

/** A lake on real servers, migrated. */
export interface ExternalServers {
  readonly postgres: PostgresServer
  readonly minio: MinioServer
  /** The service's settings for it. */
  readonly environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

/** The settings of a lake on both servers, without the administrator. Passwords have what would break a careless SQL text. */
export function lakeEnvironment({ administrator }: PostgresServer, { storage, bucket, keys }: MinioServer): Record<string, string> {
  const classes = (['reader', 'writer', 'maintenance'] as const).flatMap(name => [
    [`CATALOG_${name.toUpperCase()}_PASSWORD`, `it's "${name}"`],
    [`S3_${name.toUpperCase()}_KEY_ID`, keys[name].keyId],
    [`S3_${name.toUpperCase()}_SECRET`, keys[name].secret],
  ])
  return {
    CATALOG_URL: `postgres://${administrator.host}:${administrator.port}/lake?sslmode=disable`,
    CATALOG_SERVICE_PASSWORD: 'of the service',
    ADMIN_KEY: makeKey(),
    S3_RAW_PATH: 's3://raw/',
    S3_RAW_KEY_ID: keys.raw.keyId,
    S3_RAW_SECRET: keys.raw.secret,
    S3_BACKUP_PATH: 's3://backups/of-the-tests/',
    S3_BACKUP_KEY_ID: keys.backups.keyId,
    S3_BACKUP_SECRET: keys.backups.secret,
    S3_ENDPOINT: `http://${storage.endpoint}`,
    S3_DATA_PATH: `s3://${bucket}/of-the-tests/`,
    ...Object.fromEntries(classes),
  }
}

/** Runs `npm run migrate`'s program. @returns what it printed, and its exit code. */
export async function migrate(environment: Readonly<Record<string, string>>, { administrator }: PostgresServer) {
  const lakeDir = temporaryFolder()
  const { exit, output } = runModule('migrate', {
    LAKE_DIR: lakeDir,
    CATALOG_ADMIN_PASSWORD: administrator.password,
    ...environment,
  })
  const code = await exit
  removeLake(lakeDir)
  return { code, ...output() }
}

/** @param more settings in place of those of the tests */
export async function startExternalServers(more: Readonly<Record<string, string>> = {}): Promise<ExternalServers> {
  const postgres = await startPostgresServer()
  const minio = await startMinio().catch(async error => {
    await postgres.remove()
    throw error
  })
  const remove = async () => {
    await Promise.all([postgres.remove(), minio.remove()])
  }
  const environment = { ...lakeEnvironment(postgres, minio), ...more }
  const { code, error } = await migrate(environment, postgres)
  if (code === 0) return { postgres, minio, environment, remove }
  await remove()
  throw new Error(`migrate ended with ${code}: ${error}`)
}

/** The lake as an engine of a class reaches it. */
export function connectionsOf(environment: Readonly<Record<string, string>>) {
  const config = readConfig({ EXTENSION_DIR: extensionDir, LAKE_DIR: join(tmpdir(), 'no-lake'), ...environment }, [])
  if (!config.externalLake) throw new Error('the environment names no external lake')
  return externalConnections(config, config.externalLake)
}

/** Makes the table that a new embedded lake has, as the writer. */
export async function addExampleTable(environment: Readonly<Record<string, string>>): Promise<void> {
  const { writer } = connectionsOf(environment)
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(duckdb, writer.extensionDir)
  await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
  await createExampleTable(duckdb)
  duckdb.closeSync()
}
