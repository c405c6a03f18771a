/** The tables that a key may read: all, or those of the list. Without `table` it is the whole schema. */
export type Grants = 'all' | readonly Grant[]

export interface Grant {
  readonly schema: string
  readonly table?: string
}

/** Names are compared without regard to case, as DuckDB does. */
export function isGranted(grants: Grants, schema: string, table: string): boolean {
  if (grants === 'all') return true
  return grants.some(grant => same(grant.schema, schema) && (grant.table === undefined || same(grant.table, table)))
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
