/** A value as the service writes it into JSON: what JSON's numbers cannot hold is a text. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface Column {
  readonly name: string
  /** As DuckDB calls it. */
  readonly type: string
}

export type Row = readonly Json[]
