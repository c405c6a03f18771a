import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { runMigration } from '../catalog/run-migration.ts'
import type { Config } from '../config.ts'
import type { RunningLake } from '../running-lake.ts'
import { embeddedConnections } from './embedded-connections.ts'
import { keptAdminKey } from './kept-admin-key.ts'
import { openLakeFolder } from './lake-folder.ts'
import { lockLake } from './lock-lake.ts'
import { postgresOf, startPostgres } from './start-postgres.ts'

export interface Progress {
  /** Gets what takes a while. */
  readonly say: (line: string) => void
  /** Gets what was changed in the catalog. */
  readonly did?: (line: string) => void
  readonly signal: AbortSignal
}

/** Brings up a lake that needs nothing but this machine: a folder for the files, an own PostgreSQL for the catalog.
 * @throws StartupError; whatever was started by then has been stopped. */
export async function startEmbeddedLake(config: Config, progress: Progress): Promise<RunningLake> {
  const folder = openLakeFolder(config.lakeDir)
  const lock = await lockLake(folder)
  const undo: (() => Promise<void>)[] = [() => lock.release()]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    progress.signal.throwIfAborted()
    const starting = startPostgres(folder, config.environment.PATH ?? '')
    undo.push(() => starting.then(postgres => postgres.stop()).catch(() => {}))

    mkdirSync(config.spoolDir, { recursive: true, mode: 0o700 })
    const { connections, service, administrator } = embeddedConnections(folder, config.extensionDir, postgresOf(folder))
    const migration = starting.then(() => ({ administrator, service, lake: connections, example: true }))
    await runMigration({ extensionDir: config.extensionDir, migration }, { ...progress, environment: config.environment })
    const postgres = await starting

    const key = await keptAdminKey(join(folder.path, 'admin-key'), service)
    return {
      reader: connections.reader,
      connections,
      service,
      spillDir: folder.spill,
      resultDir: folder.results,
      spoolDir: config.spoolDir,
      resultPlace: { kind: 'folder' },
      publicationPlace: folder.published,
      key,
      places: [
        `Data     ${folder.path}`,
        `Catalog  PostgreSQL in ${folder.postgres}${folder.postgresUser === undefined ? '' : ` as user ${folder.postgresUser}, because it refuses to run as root`}`,
      ],
      lost: postgres.ended.then(() => `The catalog's PostgreSQL ended by itself: ${folder.path}/postgres.log says why. Start again.`),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
