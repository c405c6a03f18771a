import { readFileSync } from 'node:fs'
import { Client, type ClientConfig } from 'pg'
import type { CatalogLogin } from './lake-connection.ts'

/** How long a connection may take to come about. */
const connectTimeoutMs = 5_000

/** What the client of PostgreSQL takes for a login, with the same meaning of the encryption as libpq's in the engines.
 * @throws Error if the authority's file cannot be read. */
export function postgresOptions({ host, port, database, user, password, sslMode, caFile }: CatalogLogin): ClientConfig {
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }
  const ssl =
    sslMode === 'disable'
      ? false
      : {
          ...ca,
          // As in libpq, whoever names an authority wants it checked.
          rejectUnauthorized: sslMode !== 'require' || caFile !== undefined,
          ...(sslMode !== 'verify-full' && { checkServerIdentity: () => undefined }),
        }
  return { host, port, database, user, password, ssl, connectionTimeoutMillis: connectTimeoutMs, application_name: 'ducklake-platform' }
}

/** Opens a connection, gives it to the work and closes it, however the work ends. */
export async function withPostgres<Result>(
  login: CatalogLogin,
  work: (client: Client) => Promise<Result>,
  options: ClientConfig = {},
): Promise<Result> {
  const client = new Client({ ...postgresOptions(login), ...options })
  // A server that goes away between two statements would else end the process; the next statement fails all the same.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
