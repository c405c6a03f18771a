import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileFromWheel } from './file-from-wheel.ts'

/** PGMQ's own version, and that of the Python wheel which carries its SQL. constructs/versions.ts lists the same, held to it by a test. */
export const pgmq = { version: '1.13.0', wheel: 'pgmq==1.1.4' } as const

/** The lake works without a queue: nobody shall wait for long where there is no way to a package index. */
const pipOptions = ['--retries', '0', '--timeout', '10']

/** Where the SQL is kept, beside DuckDB's extensions. */
export function pgmqFile(extensionDir: string): string {
  return join(extensionDir, 'pgmq', `pgmq-${pgmq.version}.sql`)
}

/** The SQL that makes PGMQ's schema on any PostgreSQL from 14 on; fetched once and kept, never part of this repository.
 * @throws Error with what pip said */
export async function pgmqSql(extensionDir: string, say: (line: string) => void): Promise<string> {
  const file = pgmqFile(extensionDir)
  if (!existsSync(file)) {
    say(`PGMQ's SQL is not in ${extensionDir} yet, fetching it …`)
    const bytes = await fileFromWheel({ wheel: pgmq.wheel, path: 'pgmq/sql/pgmq.sql', options: pipOptions })
    mkdirSync(join(extensionDir, 'pgmq'), { recursive: true })
    // Under another name first: two migrations may fetch it at once, and one may be killed half-way.
    writeFileSync(`${file}.${process.pid}`, bytes)
    renameSync(`${file}.${process.pid}`, file)
  }
  return readFileSync(file, 'utf8')
}
