import type { Client } from 'pg'
import { withPostgres } from './connect-postgres.ts'
import type { CatalogAddress, CatalogLogin, Login } from './lake-connection.ts'
import { quote, quoteName } from './quote.ts'
import { scramVerifier } from './scram-verifier.ts'

/** Sees to it that each role can log in with its password. What is right already is left alone.
 * @param database any that they may connect to. */
export async function createRoles(
  server: Client,
  database: CatalogAddress,
  logins: readonly Login[],
  did: (line: string) => void,
): Promise<void> {
  for (const { user, password } of logins) {
    const role = quoteName(user)
    const { rows } = await server.query<{ config: string[] | null }>('SELECT rolconfig AS config FROM pg_roles WHERE rolname = $1', [user])
    if (!rows[0]) {
      await server.query(`CREATE ROLE ${role}`)
      did(`made the role ${user}`)
    }
    if (!(await logsIn({ ...database, user, password }))) {
      await server.query(`ALTER ROLE ${role} LOGIN PASSWORD ${quote(scramVerifier(password))}`)
      did(`set the password of the role ${user}`)
    }
    // DuckLake decides by the words of an error whether a commit may be tried again, and knows only the English ones.
    if (!rows[0]?.config?.includes('lc_messages=C')) {
      await server.query(`ALTER ROLE ${role} SET lc_messages = 'C'`)
      did(`set the language of errors for the role ${user}`)
    }
  }
}

async function logsIn(login: CatalogLogin): Promise<boolean> {
  try {
    await withPostgres(login, async () => {})
    return true
  } catch {
    return false
  }
}
