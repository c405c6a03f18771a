import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { Config } from '../config.ts'
import { embeddedConnections } from '../embedded/embedded-connections.ts'
import { findPostgres } from '../embedded/find-postgres.ts'
import { foldersOf, openLakeFolder } from '../embedded/lake-folder.ts'
import { postgresOf } from '../embedded/start-postgres.ts'
import { openStore } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { checkCatalog } from './check-catalog.ts'
import { checkPublications } from './check-publications.ts'
import { type Finding, faultOf, hasFault, ok } from './finding.ts'

/** The lake of `npm start`: its folder, its PostgreSQL, and if that runs its catalog. Nothing is started. */
export async function checkEmbedded({ lakeDir, extensionDir, environment }: Config): Promise<readonly Finding[]> {
  const folders = foldersOf(lakeDir)
  try {
    const { from } = findPostgres(folders, environment.PATH ?? '')
    const program = ok('catalog', 'There is a PostgreSQL to keep the catalog in.', from)
    if (!existsSync(join(lakeDir, 'version.json')))
      return [program, ok('storage', 'There is no lake in the folder yet; the first start makes one.', lakeDir)]
    const folder = openLakeFolder(lakeDir)
    const { connections, service } = embeddedConnections(folder, extensionDir, postgresOf(folder))
    const files = ok('storage', 'The lake’s files are in a folder.', folder.data)
    const answers = await withPostgres(service, async () => true).catch(() => false)
    if (!answers) return [program, files, ok('catalog', 'Its PostgreSQL does not run; it starts with the service.', service.host)]
    const { reader, writer, maintenance } = connections
    const logins = { service, reader: reader.catalog, writer: writer.catalog, maintenance: maintenance.catalog }
    const catalog = await checkCatalog(logins, reader.dataPath)
    if (hasFault(catalog)) return [program, files, ...catalog]
    const [data, logs] = [await openStore(reader.dataPath), await openStore(folder.published)]
    return [program, files, ...catalog, ...(await checkPublications({ service, files: data, logs }))]
  } catch (error) {
    if (error instanceof StartupError) return [faultOf('storage', error.message, lakeDir)]
    throw error
  }
}
