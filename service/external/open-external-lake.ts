import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { probeCatalog } from '../catalog/probe-catalog.ts'
import { runMigration } from '../catalog/run-migration.ts'
import type { Config } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { extensionNames } from '../extensions/load-extensions.ts'
import type { ExternalLake } from '../read-lake.ts'
import type { RunningLake } from '../running-lake.ts'
import { StartupError } from '../startup-error.ts'
import { externalConnections, serviceLogin } from './external-connections.ts'

/** Prepares what the service needs of this machine for a lake on servers that others run. It changes nothing there, and goes on if they are
 * away: the service then says so until they are back.
 * @throws StartupError if the catalog answers and is not the right one. */
export async function openExternalLake(
  config: Config,
  external: ExternalLake,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<RunningLake> {
  const spillDir = join(config.lakeDir, 'spill')
  const resultDir = join(config.lakeDir, 'results')
  const connections = externalConnections(config, external)
  try {
    for (const folder of [spillDir, resultDir, config.spoolDir, connections.reader.secretDir])
      mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartupError(
      `The folder ${config.lakeDir} cannot be written: ${error instanceof Error ? error.message : error}. Choose another with LAKE_DIR: engines spill there.`,
    )
  }
  if (!holdsExtensions(config.extensionDir))
    await runMigration({ extensionDir: config.extensionDir }, { say, signal, environment: config.environment })
  await probeCatalog(connections.reader).catch((error: unknown) => {
    if (error instanceof ServiceError && error.code === 'catalogUnfit') throw new StartupError(error.detail)
    say(error instanceof ServiceError ? `${error.detail} The service starts and goes on trying.` : String(error))
  })
  return {
    reader: connections.reader,
    connections,
    service: serviceLogin(external),
    spillDir,
    resultDir,
    spoolDir: config.spoolDir,
    resultPlace: external.results,
    publicationPlace: external.publications,
    places: [
      `Data     ${external.dataPath} at ${external.storage.endpoint}`,
      `Catalog  PostgreSQL at ${external.catalog.host}:${external.catalog.port}, database ${external.catalog.database}`,
    ],
    lost: new Promise(() => {}),
    stop: async () => {},
  }
}

/** Whether every extension lies there for some version: an engine says so if it is the wrong one. */
function holdsExtensions(folder: string): boolean {
  if (!existsSync(folder)) return false
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(file => file.split('/').at(-1))
  return extensionNames.every(name => files.includes(`${name}.duckdb_extension`))
}
