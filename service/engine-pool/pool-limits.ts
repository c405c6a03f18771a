export interface PoolLimits {
  /** Statements that run beside each other. */
  readonly engines: number
  /** Further ones that only short statements get. */
  readonly shortEngines: number
  /** Engines that stand ready to take the place of one that was killed. */
  readonly spares: number
  /** Statements that may wait, of all owners. */
  readonly queueMax: number
  /** Statements of one owner that may run or wait. */
  readonly perOwnerMax: number
  /** An engine is replaced after that many statements, that long, or when it has grown that large: DuckLake's memory only grows. */
  readonly recycle: { readonly statements: number; readonly ageMs: number; readonly rssMb: number }
}

/** Whose share of the queue a statement takes. */
export interface Owner {
  readonly id: string
  /** Fewer statements than any owner may have, if it is set. */
  readonly limits: { readonly statements?: number }
}

/** Whatever the service asks for by itself. */
export const ofTheService: Owner = { id: 'ducklake-platform', limits: {} }
