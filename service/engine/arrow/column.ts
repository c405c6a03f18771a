import type { Vector } from '@duckdb/node-bindings'

/** One column of a batch in the making. */
export interface Column {
  /** Copies rows of a vector: it is DuckDB's again afterwards. */
  append(vector: Vector, first: number, count: number): void
  appendNulls(count: number): void
  /** Its length, its nulls and its buffers, and then those of its children. */
  describe(body: Body): void
  clear(): void
}

/** What a batch consists of, in Arrow's order: depth first. */
export interface Body {
  node(rows: number, nulls: number): void
  buffer(bytes: Uint8Array): void
}
