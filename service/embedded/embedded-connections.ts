import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CatalogLogin, EngineClass, LakeConnection } from '../catalog/lake-connection.ts'
import { keptSecret } from './kept-files.ts'
import type { LakeFolder } from './lake-folder.ts'
import type { EmbeddedPostgres } from './start-postgres.ts'

/** How everybody reaches an embedded lake. */
export interface EmbeddedConnections {
  readonly connections: Readonly<Record<EngineClass, LakeConnection>>
  readonly service: CatalogLogin
  /** In a database that is always there. */
  readonly administrator: CatalogLogin
}

/** The passwords are kept in files of the lake's folder, and made with the first look at them. */
export function embeddedConnections(
  folder: LakeFolder,
  extensionDir: string,
  { host, port, user: owner, password: ownersPassword }: Pick<EmbeddedPostgres, 'host' | 'port' | 'user' | 'password'>,
): EmbeddedConnections {
  const secretDir = join(folder.path, 'no-secrets')
  mkdirSync(secretDir, { recursive: true })
  const login = (user: string): CatalogLogin => {
    const password = keptSecret(join(folder.path, `${user}-password`))
    return { host, port, database: 'ducklake', sslMode: 'disable', user, password }
  }
  const as = (user: string): LakeConnection => ({
    catalog: login(user),
    storage: { kind: 'folder' },
    dataPath: `${folder.data}/`,
    extensionDir,
    secretDir,
  })
  const service = login('ducklake_service')
  return {
    connections: { reader: as('ducklake_reader'), writer: as('ducklake_writer'), maintenance: as('ducklake_maintenance') },
    service,
    administrator: { ...service, database: 'postgres', user: owner, password: ownersPassword },
  }
}
