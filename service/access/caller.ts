import type { Grants } from './grants.ts'
import type { Scope } from './scopes.ts'

/** Who asks, and what it may. */
export interface Caller {
  /** May be logged. */
  readonly id: string
  readonly scopes: readonly Scope[]
  /** Every table where there is no list. */
  readonly grants?: Grants
  readonly limits: CallerLimits
}

/** Where one is missing, the service's own holds. */
export interface CallerLimits {
  readonly maxRows?: number
  readonly timeoutMs?: number
  /** Statements that may run or wait. */
  readonly statements?: number
  readonly requestsPerMinute?: number
}
