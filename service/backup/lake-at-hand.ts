import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin, EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import type { Config } from '../config.ts'
import { embeddedConnections } from '../embedded/embedded-connections.ts'
import { openLakeFolder } from '../embedded/lake-folder.ts'
import { startEmbeddedLake } from '../embedded/start-embedded-lake.ts'
import { postgresOf } from '../embedded/start-postgres.ts'
import { openExternalLake } from '../external/open-external-lake.ts'
import { StartupError } from '../startup-error.ts'

/** The lake of the settings, for a program that works beside the service. */
export interface LakeAtHand {
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
  readonly service: CatalogLogin
  readonly spillDir: string
  stop(): Promise<void>
}

interface Progress {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

/** Opens the lake whether its service runs or not: an embedded one whose PostgreSQL answers is used as it is, else it is started.
 * @throws StartupError, also if there is no lake. */
export async function openLakeAtHand(config: Config, progress: Progress): Promise<LakeAtHand> {
  if (config.externalLake) return openExternalLake(config, config.externalLake, progress)
  if (!existsSync(join(config.lakeDir, 'version.json')))
    throw new StartupError(`There is no lake in ${config.lakeDir}: set LAKE_DIR to its folder.`)
  const folder = openLakeFolder(config.lakeDir)
  const running = embeddedConnections(folder, config.extensionDir, postgresOf(folder))
  const answers = await withPostgres(running.service, async () => true).catch(() => false)
  if (answers) return { ...running, spillDir: folder.spill, stop: async () => {} }
  return startEmbeddedLake(config, progress)
}
