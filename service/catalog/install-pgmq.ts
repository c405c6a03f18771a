import type { Client } from 'pg'
import { pgmq } from '../extensions/pgmq-sql.ts'
import { quoteName } from './quote.ts'

interface Found {
  /** Whether its tables are there, made by whomever. */
  readonly installed: boolean
  /** The version that the server could install as an extension. */
  readonly available: string | null
  readonly usable: boolean
}

/** What the installation may ask of its surroundings. */
export interface PgmqSource {
  /** PGMQ's SQL, for servers without the extension. @throws Error if it cannot be had */
  readonly sql: () => Promise<string>
  /** Gets a sentence for what is missing. */
  readonly say: (line: string) => void
  /** Gets a sentence for what was changed. */
  readonly did: (line: string) => void
}

/** Sees to it that the gateway's role can use PGMQ: as the server's extension, else by its SQL. What is installed is left alone. Without
 * either the lake has no ingest queue, and all else works. @param database as its administrator. @param service the gateway's role */
export async function installPgmq(database: Client, service: string, { sql, say, did }: PgmqSource): Promise<void> {
  const { installed, available, usable } = await lookForPgmq(database, service)
  if (installed) {
    if (!usable) await inTransaction(database, () => openPgmq(database, service))
    if (!usable) did('opened PGMQ, which was there, to the gateway’s role')
    return
  }
  if (available !== null) {
    await inTransaction(database, () => asService(database, service, 'CREATE EXTENSION pgmq', `pgmq-${available}`))
    did(`installed PGMQ ${available}, the server's extension`)
    return
  }
  let text: string
  try {
    text = await sql()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    say(`PGMQ could not be fetched (${reason}), so the lake has no ingest queue; the next migration tries again.`)
    return
  }
  await inTransaction(database, () => asService(database, service, text, `pgmq-${pgmq.version}`))
  did(`installed PGMQ ${pgmq.version} by its SQL`)
}

async function lookForPgmq(database: Client, service: string): Promise<Found> {
  const { rows } = await database.query<Found>(
    `SELECT to_regclass('pgmq.meta') IS NOT NULL AS installed,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'pgmq') AS available,
       coalesce((SELECT has_schema_privilege($1, oid, 'USAGE') AND has_schema_privilege($1, oid, 'CREATE')
         FROM pg_namespace WHERE nspname = 'pgmq'), false) AS usable`,
    [service],
  )
  return rows[0] ?? { installed: false, available: null, usable: false }
}

/** What makes the queue shall own it. Making a schema needs a right on the database that the role has in this transaction only. */
async function asService(database: Client, service: string, sql: string, version: string): Promise<void> {
  const { rows } = await database.query<{ name: string; may: boolean }>(
    `SELECT current_database() AS name, has_database_privilege($1, current_database(), 'CREATE') AS may`,
    [service],
  )
  const [here, role] = [quoteName(rows[0]?.name ?? ''), quoteName(service)]
  const lent = rows[0]?.may !== true
  if (lent) await database.query(`GRANT CREATE ON DATABASE ${here} TO ${role}`)
  await database.query(`SET LOCAL ROLE ${role}`)
  await database.query(sql)
  await database.query('INSERT INTO app.migration (name) VALUES ($1) ON CONFLICT DO NOTHING', [version])
  await database.query('RESET ROLE')
  if (lent) await database.query(`REVOKE CREATE ON DATABASE ${here} FROM ${role}`)
}

/** Somebody else owns it, who made it before. */
async function openPgmq(database: Client, service: string): Promise<void> {
  const role = quoteName(service)
  await database.query(`GRANT USAGE, CREATE ON SCHEMA pgmq TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgmq TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgmq TO ${role};`)
}

async function inTransaction(database: Client, work: () => Promise<void>): Promise<void> {
  await database.query('BEGIN')
  try {
    await work()
    await database.query('COMMIT')
  } catch (error) {
    await database.query('ROLLBACK')
    throw error
  }
}
