import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeKey } from '../access/admin-key.ts'
import type { Lake } from '../app.ts'
import type { LakeConnection } from '../catalog/lake-connection.ts'
import { runMigration } from '../catalog/run-migration.ts'
import type { Config } from '../config.ts'
import { keptSecret, openLakeFolder } from './lake-folder.ts'
import { lockLake } from './lock-lake.ts'
import { startPostgres } from './start-postgres.ts'

export interface EmbeddedLake extends Lake {
  /** Where the data is, in words for the start message. */
  readonly places: readonly string[]
  /** Ends if the catalog's server ends by itself. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Brings up a lake that needs nothing but this machine: a folder for the files, an own PostgreSQL for the catalog.
 * @throws StartupError; whatever was started by then has been stopped. */
export async function startEmbeddedLake(config: Config, say: (line: string) => void, signal: AbortSignal): Promise<EmbeddedLake> {
  const folder = openLakeFolder(config.lakeDir)
  const lock = await lockLake(folder)
  const undo: (() => Promise<void>)[] = [() => lock.release()]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    signal.throwIfAborted()
    const postgres = await startPostgres(folder, config.environment.PATH ?? '')
    undo.push(() => postgres.stop())

    const secretDir = join(folder.path, 'no-secrets')
    mkdirSync(secretDir, { recursive: true })
    const { host, port } = postgres
    const as = (user: string): LakeConnection => ({
      catalog: { host, port, database: 'ducklake', user, password: keptSecret(join(folder.path, `${user}-password`)) },
      dataPath: `${folder.data}/`,
      extensionDir: config.extensionDir,
      secretDir,
    })
    const reader = as('ducklake_reader')
    const administrator = { host, port, database: 'postgres', user: postgres.user, password: postgres.password }
    await runMigration({ administrator, writer: as('ducklake_writer'), reader }, { say, signal, environment: config.environment })

    return {
      reader,
      spillDir: folder.spill,
      resultDir: folder.results,
      key: keptSecret(join(folder.path, 'admin-key'), makeKey),
      places: [
        `Data     ${folder.path}`,
        `Catalog  PostgreSQL in ${folder.postgres}${folder.postgresUser === undefined ? '' : ` as user ${folder.postgresUser}, because it refuses to run as root`}`,
      ],
      ended: postgres.ended,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
