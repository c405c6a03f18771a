import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { placeOf } from '../catalog/lake-connection.ts'
import { runMigration } from '../catalog/run-migration.ts'
import type { Config } from '../config.ts'
import { embeddedConnections } from '../embedded/embedded-connections.ts'
import { openLakeFolder } from '../embedded/lake-folder.ts'
import { lockLake } from '../embedded/lock-lake.ts'
import { startPostgres } from '../embedded/start-postgres.ts'
import { externalConnections, serviceLogin } from '../external/external-connections.ts'
import { openStore } from '../files/file-store.ts'
import type { ExternalLake } from '../read-lake.ts'
import { SettingError } from '../startup-error.ts'
import type { RestoreTarget } from './restore-backup.ts'

interface Progress {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

export type OpenTarget = RestoreTarget & { stop(): Promise<void> }

/** A database that every PostgreSQL has, to connect to before ours is there. */
const maintenanceDatabase = 'postgres'

/** The lake of the settings, to be made by the restore. @throws StartupError */
export async function openTarget(config: Config, progress: Progress): Promise<OpenTarget> {
  const { externalLake } = config
  // What verifies the restored lake needs the extensions.
  await runMigration({ extensionDir: config.extensionDir }, { ...progress, environment: config.environment })
  return externalLake ? openExternalTarget(config, externalLake) : openEmbeddedTarget(config)
}

async function openEmbeddedTarget(config: Config): Promise<OpenTarget> {
  const folder = openLakeFolder(config.lakeDir)
  const lock = await lockLake(folder)
  try {
    const postgres = await startPostgres(folder, config.environment.PATH ?? '')
    const known = embeddedConnections(folder, config.extensionDir, postgres)
    const stop = async () => {
      await postgres.stop()
      await lock.release()
    }
    return { ...known, files: await openStore(placeOf(known.connections.writer)), spillDir: folder.spill, stop }
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openExternalTarget(config: Config, external: ExternalLake): Promise<OpenTarget> {
  if (!external.administrator)
    throw new SettingError(
      'CATALOG_ADMIN_PASSWORD is missing: only an administrator can make the roles and the database of a restored lake.',
    )
  const connections = externalConnections(config, external)
  const spillDir = join(config.lakeDir, 'spill')
  for (const folder of [spillDir, connections.reader.secretDir]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    administrator: { ...external.catalog, ...external.administrator, database: maintenanceDatabase },
    service: serviceLogin(external),
    connections,
    files: await openStore(placeOf(connections.writer)),
    spillDir,
    stop: async () => {},
  }
}
