import { readdirSync } from 'node:fs'
import type { Client } from 'pg'
import { assertDataPath, assertVersion, type CatalogOption, catalogOptionsSql, inlinedBy } from '../catalog/assert-catalog.ts'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin, EngineClass } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'
import { readinessTimeoutMs } from '../settings.ts'
import { checkClock } from './check-clock.ts'
import { type Finding, fault, faultOf, ok, warning } from './finding.ts'
import { loginFault } from './login-fault.ts'

/** Everybody who opens the catalog. */
export type Logins = Readonly<Record<EngineClass | 'service', CatalogLogin>>

const migrate = 'Run "npm run migrate" with CATALOG_ADMIN_PASSWORD.'
const migrations = new URL('../store/migrations/', import.meta.url)

/** Whether PostgreSQL answers each role, holds the lake of these files, and lets each role do what it does and no more. */
export async function checkCatalog(logins: Logins, dataPath: string): Promise<readonly Finding[]> {
  const where = `${logins.service.host}:${logins.service.port}/${logins.service.database}`
  const findings: Finding[] = []
  for (const role of ['service', 'reader', 'writer', 'maintenance'] as const) {
    const login = logins[role]
    try {
      const ask = (client: Client) =>
        role === 'service' ? checkStore(client, where) : checkRole(client, role, login.user, dataPath, where)
      const limits = { connectionTimeoutMillis: readinessTimeoutMs, query_timeout: readinessTimeoutMs }
      findings.push(...(await withPostgres(login, ask, limits)))
    } catch (error) {
      const found = loginFault(error, role, login, where)
      findings.push(found.finding)
      // The others would only say the same.
      if (found.final) break
    }
  }
  return findings
}

/** As the gateway's own role: its tables, and what holds for the whole server. */
async function checkStore(client: Client, where: string): Promise<readonly Finding[]> {
  const before = new Date()
  const { rows } = await client.query<{ version: string; at: Date }>(
    `SELECT current_setting('server_version') AS version, clock_timestamp() AS at`,
  )
  const [{ version, at } = { version: 'unknown', at: before }] = rows
  const clock = checkClock('the catalog', where, at, before)
  const { rows: stored } = await client.query<{ name: string }>('SELECT name FROM app.migration')
  const [done, known] = [stored.map(({ name }) => name), readdirSync(migrations)]
  const [missing, newer] = [known.filter(name => !done.includes(name)), done.filter(name => /^\d/.test(name) && !known.includes(name))]
  if (newer.length > 0)
    return [
      clock,
      fault('catalog', `The schema app is of a newer program: ${newer.join(', ')}.`, where, 'Use the program that belongs to it.'),
    ]
  if (missing.length > 0) return [clock, fault('catalog', `The schema app lacks ${missing.join(', ')}.`, where, migrate)]
  return [ok('catalog', `PostgreSQL ${version} answers, and the schema app is up to date.`, where), clock]
}

/** As the role of a class of engines. */
async function checkRole(client: Client, role: EngineClass, user: string, dataPath: string, where: string): Promise<readonly Finding[]> {
  if (role === 'reader') {
    const { rows: options } = await client.query<CatalogOption>(catalogOptionsSql('public'))
    const unfit = [() => assertVersion(options), () => assertDataPath(options, dataPath)].flatMap(assert => unfitBy(assert, where))
    const inlined = inlinedBy(options)
    if (inlined !== undefined)
      unfit.push(
        fault('catalog', `Inlining is on (${inlined}), with which a compaction can undo deletes that were acknowledged.`, where, migrate),
      )
    if (unfit.length > 0) return unfit
  }
  const { rows } = await client.query<{ superuser: boolean; messages: string; reads: boolean; writes: boolean }>(`
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser, current_setting('lc_messages') AS messages,
      has_table_privilege('public.ducklake_snapshot', 'SELECT') AS reads, has_table_privilege('public.ducklake_snapshot', 'INSERT') AS writes`)
  const [{ superuser, messages, reads, writes } = { superuser: false, messages: 'C', reads: false, writes: false }] = rows
  const mayWrite = role !== 'reader'
  if (!reads || (mayWrite && !writes))
    return [fault('catalog', `The role ${user} may not ${reads ? 'write' : 'read'} the catalog.`, where, migrate)]
  if (mayWrite && !/^(C|POSIX|en_)/.test(messages))
    return [
      fault(
        'catalog',
        `PostgreSQL speaks ${messages} with ${user}: DuckLake decides by English whether to try a commit again.`,
        where,
        migrate,
      ),
    ]
  if (superuser || (!mayWrite && writes))
    return [
      warning(
        'catalog',
        `The role ${user} ${superuser ? 'is a superuser' : 'may write the catalog'}.`,
        where,
        'Let migrate make the roles: rights, not DuckDB, keep a statement of a reader from writing.',
      ),
    ]
  return [ok('catalog', `The role ${user} may ${mayWrite ? 'read and write' : 'read, and no more'}.`, where)]
}

function unfitBy(assert: () => void, where: string): readonly Finding[] {
  try {
    assert()
    return []
  } catch (error) {
    if (error instanceof ServiceError) return [faultOf('catalog', error.detail, where)]
    throw error
  }
}
