import { readdirSync, readFileSync } from 'node:fs'
import type { Client } from 'pg'

const folder = new URL('./migrations/', import.meta.url)

/** Brings the gateway's own schema, `app`, up to date: each file of `migrations` once, in the order of their names, whole or not at all.
 * A file that was published is never changed. @param database as the gateway's role, which owns the schema */
export async function migrateStore(database: Client, did: (line: string) => void): Promise<void> {
  await database.query('CREATE TABLE IF NOT EXISTS app.migration (name text PRIMARY KEY, done_at timestamptz NOT NULL DEFAULT now())')
  const { rows } = await database.query<{ name: string }>('SELECT name FROM app.migration')
  const done = new Set(rows.map(({ name }) => name))
  for (const name of readdirSync(folder).sort()) {
    if (done.has(name)) continue
    await database.query('BEGIN')
    try {
      await database.query(readFileSync(new URL(name, folder), 'utf8'))
      await database.query('INSERT INTO app.migration (name) VALUES ($1)', [name])
      await database.query('COMMIT')
    } catch (error) {
      await database.query('ROLLBACK')
      throw error
    }
    did(`updated the schema app: ${name}`)
  }
}
