import type { Client } from 'pg'
import { quoteName } from './quote.ts'

/** The names of the roles, by what they are for. */
export type Roles = Readonly<Record<'reader' | 'writer' | 'maintenance' | 'service', string>>

/** Lets the roles into the database, before there is a catalog in it. `app` is the gateway's own. @param database as its administrator. */
export async function grantSchemas(database: Client, roles: Roles): Promise<void> {
  const { reader, writer, maintenance, service } = quoted(roles)
  await database.query(`GRANT USAGE ON SCHEMA public TO ${reader}, ${maintenance};
    GRANT USAGE, CREATE ON SCHEMA public TO ${writer};
    CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION ${service};
    ALTER SCHEMA app OWNER TO ${service};`)
  const { rows } = await database.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'app' AND tableowner <> $1`,
    [roles.service],
  )
  for (const { name } of rows) await database.query(`ALTER TABLE app.${quoteName(name)} OWNER TO ${service}`)
}

/** Opens the catalog's tables to the others, those that DuckLake adds later as well. @param database as the writer, who owns them. */
export async function grantCatalog(database: Client, roles: Roles): Promise<void> {
  const { reader, maintenance } = quoted(roles)
  const change = 'SELECT, INSERT, UPDATE, DELETE'
  await database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${reader};
    GRANT ${change} ON ALL TABLES IN SCHEMA public TO ${maintenance};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${reader};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${change} ON TABLES TO ${maintenance};`)
}

function quoted({ reader, writer, maintenance, service }: Roles): Roles {
  return { reader: quoteName(reader), writer: quoteName(writer), maintenance: quoteName(maintenance), service: quoteName(service) }
}
