import { parseArgs } from 'node:util'
import { awaitPostgres } from './catalog/await-postgres.ts'
import { runMigration } from './catalog/run-migration.ts'
import { type Config, readConfig } from './config.ts'
import { startEmbeddedLake } from './embedded/start-embedded-lake.ts'
import { externalConnections, serviceLogin } from './external/external-connections.ts'
import type { ExternalLake } from './read-lake.ts'
import { exitCodeOf, SettingError, StartupError } from './startup-error.ts'
import { adoptAdminKey, firstAdminKey } from './store/admin-key.ts'
import { Store } from './store/store.ts'

// `npm run migrate`: makes or updates what the service expects of its servers, and says what it did, a line each. With --wait SECONDS it first
// waits that long for a PostgreSQL that is not there yet.

/** A database that every PostgreSQL has, to connect to before ours is there. */
const maintenanceDatabase = 'postgres'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort(new StartupError('Stopped.')))

try {
  const waitMs = readWait(process.argv.slice(2)) * 1_000
  const config = readConfig(undefined, [])
  const progress = { say, did: say, signal: stopping.signal }
  if (config.externalLake) await migrateExternal(config, config.externalLake, waitMs)
  // Its start is the migration.
  else await (await startEmbeddedLake(config, progress)).stop()
  say('The lake is up to date.')
  process.exit(0)
} catch (error) {
  console.error(error instanceof StartupError ? error.message : error)
  process.exit(exitCodeOf(error))
}

async function migrateExternal(config: Config, external: ExternalLake, waitMs: number): Promise<void> {
  if (!external.administrator)
    throw new SettingError('CATALOG_ADMIN_PASSWORD is missing: only an administrator can make roles and databases.')
  const administrator = { ...external.catalog, ...external.administrator, database: maintenanceDatabase }
  await awaitPostgres(administrator, waitMs, { say, signal: stopping.signal })
  const migration = { administrator, service: serviceLogin(external), lake: externalConnections(config, external), example: false }
  await runMigration(
    { extensionDir: config.extensionDir, migration },
    { say, did: say, signal: stopping.signal, environment: config.environment },
  )
  await ensureAdminKey(external)
}

async function ensureAdminKey(external: ExternalLake): Promise<void> {
  const store = new Store(serviceLogin(external))
  try {
    if (external.adminKey === undefined) {
      const key = await firstAdminKey(store)
      if (key) say(`The administrator's key, shown this once: ${key}`)
    } else if (!(await adoptAdminKey(store, external.adminKey, 'ADMIN_KEY')))
      throw new StartupError('The key in ADMIN_KEY was revoked, has expired, or is no administrator’s: set another one.')
  } finally {
    await store.close()
  }
}

function readWait(words: readonly string[]): number {
  try {
    const { wait = '0' } = parseArgs({ args: [...words], options: { wait: { type: 'string' } } }).values
    if (/^\d{1,5}$/.test(wait)) return Number(wait)
    throw new StartupError(`--wait is "${wait}": use a whole number of seconds up to 99999.`)
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`${error instanceof Error ? error.message : error} The only option is --wait SECONDS.`)
  }
}

function say(line: string): void {
  console.log(line)
}
