import { DuckDBInstance } from '@duckdb/node-api'
import { provisionExtensions } from '../extensions/provision-extensions.ts'
import { StartupError } from '../startup-error.ts'
import { type Migration, migrateCatalog } from './migrate-catalog.ts'

/** What the process that migrates says to the one that started it. */
export type MigrationMessage = { readonly say: string } | { readonly done: true } | { readonly failed: string; readonly expected: boolean }

// A process of its own, because the gateway holds no DuckDB.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.once('message', (migration: Migration) => {
  run(migration).then(
    () => send({ done: true }),
    (error: unknown) => {
      const expected = error instanceof StartupError
      send({ failed: expected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error), expected })
    },
  )
})

async function run(migration: Migration): Promise<void> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await provisionExtensions(duckdb, migration.writer.extensionDir, line => send({ say: line }))
  await migrateCatalog(duckdb, migration)
}

function send(message: MigrationMessage): void {
  process.send?.(message)
}
