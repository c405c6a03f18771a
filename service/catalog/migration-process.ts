import { DuckDBInstance } from '@duckdb/node-api'
import { ServiceError } from '../errors.ts'
import { pgmqSql } from '../extensions/pgmq-sql.ts'
import { provisionExtensions } from '../extensions/provision-extensions.ts'
import { StartupError } from '../startup-error.ts'
import { type Migration, migrateCatalog } from './migrate-catalog.ts'

/** What the process is told: without a migration it only fetches what a migration and the engines need. */
export interface MigrationRequest {
  readonly extensionDir: string
  readonly migration?: Migration
}

/** What it says to the one that started it. */
export type MigrationMessage =
  | { readonly say: string }
  | { readonly did: string }
  | { readonly done: true }
  | { readonly failed: string; readonly expected: boolean }

// A process of its own, because the gateway holds no DuckDB.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.once('message', (request: MigrationRequest) => {
  run(request).then(
    () => send({ done: true }),
    (error: unknown) => {
      if (error instanceof ServiceError) return send({ failed: error.detail, expected: true })
      const expected = error instanceof StartupError
      send({ failed: expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error), expected })
    },
  )
})

async function run({ extensionDir, migration }: MigrationRequest): Promise<void> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  const say = (line: string) => send({ say: line })
  await provisionExtensions(duckdb, extensionDir, say)
  const sql = () => pgmqSql(extensionDir, say)
  if (migration) await migrateCatalog(duckdb, migration, { sql, say, did: line => send({ did: line }) })
  // A migration says so if it is missing there.
  else await sql().catch(() => {})
}

function send(message: MigrationMessage): void {
  process.send?.(message)
}
