import type { NetworkPeer } from './network-peer.ts'
import type { SecretKey } from './secret-key.ts'

/** A PostgreSQL database as its clients see it, whoever provides it. */
export interface Database {
  readonly host: string
  readonly port: number
  readonly name: string
  /** What a client asks for: `require` encrypts, and does not check who answers. */
  readonly sslMode: 'disable' | 'require'
  /** The most that it takes from all of its clients together. */
  readonly maxConnections: number
  /** Its pods, for the policies of those who connect to it; absent if it is outside of the cluster. */
  readonly pods?: NetworkPeer
  /** Owner of the database. */
  readonly user: string
  readonly password: SecretKey
  /** May create roles: only the migration uses it. */
  readonly administrator: { readonly user: string; readonly password: SecretKey }
}
