/** The tables that a key may read: all, or those of the list. Without `table` it is the whole schema. */
export type Grants = 'all' | readonly { readonly schema: string; readonly table?: string }[]
