import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CatalogLogin, LakeConnection } from '../../service/catalog/lake-connection.ts'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { extensionDir } from './run-service.ts'

/** How a role reaches the PostgreSQL of an embedded lake that is running. */
export function embeddedLogin(lakeDir: string, user: string): CatalogLogin {
  const password = readFileSync(join(lakeDir, `${user}-password`), 'utf8').trim()
  return { host: foldersOf(lakeDir).run, port: 5432, database: 'ducklake', sslMode: 'disable', user, password }
}

/** The lake itself, as its writing role reaches it. */
export function embeddedWriter(lakeDir: string): LakeConnection {
  const { path, data } = foldersOf(lakeDir)
  return {
    catalog: embeddedLogin(lakeDir, 'ducklake_writer'),
    storage: { kind: 'folder' },
    dataPath: `${data}/`,
    extensionDir,
    secretDir: join(path, 'no-secrets'),
  }
}
