import { ServiceError } from '../errors.ts'
import { readinessTimeoutMs } from '../settings.ts'
import { assertCatalog, type CatalogOption, catalogOptionsSql } from './assert-catalog.ts'
import { withPostgres } from './connect-postgres.ts'
import type { LakeConnection } from './lake-connection.ts'

/** What PostgreSQL's codes mean to the person who set the service up. */
const reasons: Readonly<Record<string, string>> = {
  '28P01': 'it refuses the password',
  '28000': 'it refuses the role, or the encryption: CATALOG_SSLMODE',
  '3D000': 'it has no such database: run "npm run migrate"',
  '42501': 'the role may not read the catalog: run "npm run migrate"',
  '57P03': 'it is starting',
  '53300': 'it has too many connections',
}

/** Asks the catalog's database itself, by a connection of its own: engines keep theirs, and answer some statements without it.
 * @throws ServiceError catalogUnavailable, or catalogUnfit if it answers and is not the right one. */
export async function probeCatalog({ catalog, dataPath }: LakeConnection): Promise<void> {
  let options: readonly CatalogOption[]
  try {
    options = await withPostgres(catalog, async client => (await client.query<CatalogOption>(catalogOptionsSql('public'))).rows, {
      connectionTimeoutMillis: readinessTimeoutMs,
      query_timeout: readinessTimeoutMs,
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === '42P01')
      throw new ServiceError('catalogUnfit', `The database ${catalog.database} holds no catalog of a lake: run "npm run migrate".`)
    const reason = reasons[code] ?? (error instanceof Error ? error.message || code : String(error))
    throw new ServiceError('catalogUnavailable', `The catalog's PostgreSQL cannot be used as ${catalog.user}: ${reason}.`)
  }
  assertCatalog(options, dataPath)
}
