import type { CatalogLogin, EngineClass } from '../catalog/lake-connection.ts'
import { codeOf, type Finding, fault } from './finding.ts'
import { networkFault } from './network-fault.ts'

const settings = {
  address: 'CATALOG_HOST and CATALOG_PORT, or CATALOG_URL',
  tls: 'CATALOG_SSLMODE, or sslmode in CATALOG_URL',
  ca: 'CATALOG_CA_FILE',
}

/** Why a role cannot use the catalog. @returns `final` if it is the same for every role */
export function loginFault(
  error: unknown,
  role: EngineClass | 'service',
  { user, database }: CatalogLogin,
  where: string,
): { readonly finding: Finding; readonly final: boolean } {
  const fails = (what: string, todo: string, final = false) => ({ finding: fault('catalog', what, where, todo), final })
  const name = `CATALOG_${role.toUpperCase()}`
  switch (codeOf(error)) {
    case '28P01':
      return fails(
        `PostgreSQL refuses the password of ${user}, or has no such role.`,
        `Set ${name}_PASSWORD to its password, or run "npm run migrate", which makes the role and sets its password to this one.`,
      )
    case '28000':
      return fails(
        `PostgreSQL refuses ${user}: by pg_hba.conf, or without encryption.`,
        `See pg_hba.conf of the server, and ${settings.tls}.`,
      )
    case '3D000':
      return fails(`There is no database ${database}.`, 'Run "npm run migrate", which makes it, or mend CATALOG_DATABASE.', true)
    case '42P01':
      return fails(
        `The database ${database} holds no catalog of a lake.`,
        'Run "npm run migrate", which makes it, or mend CATALOG_DATABASE.',
        true,
      )
    case '42501':
    case '3F000':
      return fails(`The role ${user} may not read the catalog.`, 'Run "npm run migrate", which gives it its rights.')
    case '53300':
      return fails('PostgreSQL has too many connections.', 'Raise its max_connections: each engine takes up to 4.', true)
    case '57P03':
      return fails('PostgreSQL is starting, or stops.', 'Ask again in a moment.', true)
    default: {
      const [what, todo] = networkFault(error, 'PostgreSQL', settings)
      return fails(what, todo, true)
    }
  }
}
