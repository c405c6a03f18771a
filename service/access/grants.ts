import { sameName } from '../engine/same-name.ts'

/** One table that a key may read, or all of a schema. A grant is on a name: whatever had the name in an older snapshot is granted too. */
export interface Grant {
  readonly schema: string
  readonly table?: string
}

/** What a key may read: the tables of the list, or every table where there is no list. */
export type Grants = readonly Grant[] | undefined

export function mayRead(grants: Grants, table: { readonly schema: string; readonly name: string }): boolean {
  if (grants === undefined) return true
  const wanted = sameName(table.name)
  return grants.some(
    grant => sameName(grant.schema) === sameName(table.schema) && (grant.table === undefined || sameName(grant.table) === wanted),
  )
}
