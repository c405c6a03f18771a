import type { Client } from 'pg'
import type { LakeConnection } from './lake-connection.ts'
import { quote, quoteName } from './quote.ts'

/** The two roles that engines log in as: one owns the catalog, the other may only read it. */
export async function createRoles(server: Client, roles: Readonly<Record<'writer' | 'reader', LakeConnection['catalog']>>): Promise<void> {
  for (const { user, password } of [roles.writer, roles.reader]) {
    const { rowCount } = await server.query('SELECT FROM pg_roles WHERE rolname = $1', [user])
    if (!rowCount) await server.query(`CREATE ROLE ${quoteName(user)}`)
    await server.query(`ALTER ROLE ${quoteName(user)} LOGIN PASSWORD ${quote(password)}`)
    // DuckLake decides by the words of an error whether a commit may be tried again, and knows only the English ones.
    await server.query(`ALTER ROLE ${quoteName(user)} SET lc_messages = 'C'`)
  }
}
