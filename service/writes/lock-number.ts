import { createHash } from 'node:crypto'

/** The first of PostgreSQL's two lock numbers, for each kind of thing: any that nobody else takes. */
export const lockNumbers = {
  table: 7_145_211,
  tableGate: 7_145_212,
  maintenance: 7_145_213,
  maintenanceGate: 7_145_214,
  queue: 7_145_215,
  publication: 7_145_216,
  publicationGate: 7_145_217,
} as const

/** The second, for the thing of that name. Two with the same number only wait for each other. */
export function lockNumberOf(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE(0)
}
