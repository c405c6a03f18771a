import type { SecretKey } from './secret-key.ts'

/** A PostgreSQL database as its clients see it, whoever provides it. */
export interface Database {
  readonly host: string
  readonly port: number
  readonly name: string
  /** Owner of the database. */
  readonly user: string
  readonly password: SecretKey
  /** May create roles: only the migration uses it. */
  readonly administrator: { readonly user: string; readonly password: SecretKey }
}
