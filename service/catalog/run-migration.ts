import { migrateTimeoutMs } from '../settings.ts'
import { startChild } from '../start-child.ts'
import { StartupError } from '../startup-error.ts'
import type { Migration } from './migrate-catalog.ts'
import type { MigrationMessage, MigrationOrder, MigrationPlace } from './migration-process.ts'

interface MigrationOptions {
  /** Gets what takes a while. */
  readonly say: (line: string) => void
  /** Gets what was changed, a sentence each. */
  readonly did?: (line: string) => void
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Provisions the extensions and migrates the catalog in a process that ends with it.
 * @param migration may come later, when the database is there: the extensions need not wait for it.
 * @throws StartupError with a sentence for the person who started the service, or what the migration rejects with. */
export async function runMigration(
  { extensionDir, migration }: MigrationPlace & { readonly migration?: Migration | Promise<Migration> },
  { say, did, signal, environment }: MigrationOptions,
): Promise<void> {
  signal.throwIfAborted()
  // With our environment: pip has its settings there.
  const child = startChild(new URL('./migration-process.ts', import.meta.url), { environment })
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new StartupError(`Setting up the catalog took longer than ${migrateTimeoutMs / 1000} s: start again.`)),
        migrateTimeoutMs,
      )
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      child.on('message', (message: MigrationMessage) => {
        if ('say' in message) say(message.say)
        else if ('did' in message) did?.(message.did)
        else if ('done' in message) resolve()
        else reject(message.expected ? new StartupError(message.failed) : new Error(message.failed))
      })
      child.once('error', reject).once('exit', code => reject(new Error(`The process that sets up the catalog ended with ${code}.`)))
      child.once('exit', () => clearTimeout(late)).send({ extensionDir } satisfies MigrationPlace)
      Promise.resolve(migration).then(order => child.send({ migration: order } satisfies MigrationOrder), reject)
    })
  } finally {
    child.kill('SIGKILL')
  }
}
