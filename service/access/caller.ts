import type { Grants } from './grants.ts'

/** Who asks, and what it may. */
export interface Caller {
  /** May be logged. */
  readonly id: string
  /** Every table where there is no list. */
  readonly grants?: Grants
  readonly limits: { readonly maxRows?: number; readonly timeoutMs?: number }
}
