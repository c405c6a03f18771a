import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { pgmqSql } from '../extensions/pgmq-sql.ts'
import { provisionExtensions } from '../extensions/provision-extensions.ts'
import { StartupError } from '../startup-error.ts'
import { type Migration, migrateCatalog } from './migrate-catalog.ts'

/** What the process is told first: it fetches and loads what a migration and the engines need. */
export interface MigrationPlace {
  readonly extensionDir: string
}

/** What it is told then. Without a migration it has done all. */
export interface MigrationOrder {
  readonly migration: Migration | undefined
}

/** What it says to the one that started it. */
export type MigrationMessage =
  | { readonly say: string }
  | { readonly did: string }
  | { readonly done: true }
  | { readonly failed: string; readonly expected: boolean }

// A process of its own, because the gateway holds no DuckDB.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.once('message', ({ extensionDir }: MigrationPlace) => {
  const provided = provide(extensionDir)
  // Whoever gives the order hears of it.
  provided.catch(() => {})
  process.once('message', ({ migration }: MigrationOrder) => {
    provided
      .then(duckdb => run(duckdb, extensionDir, migration))
      .then(
        () => send({ done: true }),
        (error: unknown) => {
          if (error instanceof ServiceError) return send({ failed: error.detail, expected: true })
          const expected = error instanceof StartupError
          send({ failed: expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error), expected })
        },
      )
  })
})

async function provide(extensionDir: string): Promise<DuckDBConnection> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await provisionExtensions(duckdb, extensionDir, say)
  return duckdb
}

async function run(duckdb: DuckDBConnection, extensionDir: string, migration: Migration | undefined): Promise<void> {
  const sql = () => pgmqSql(extensionDir, say)
  if (migration) await migrateCatalog(duckdb, migration, { sql, say, did: line => send({ did: line }) })
  // A migration says so if it is missing there.
  else await sql().catch(() => {})
}

function say(line: string): void {
  send({ say: line })
}

function send(message: MigrationMessage): void {
  process.send?.(message)
}
