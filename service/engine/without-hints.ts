import type { Grants } from '../access/grants.ts'

interface Hinted {
  readonly detail: string
  readonly candidates?: readonly string[]
}

/** "Did you mean" knows every table, the key that asks perhaps not. */
export function withoutHints<Failure extends Hinted>(
  failure: Failure,
  grants: Grants | 'trusted',
): Omit<Failure, 'candidates'> & Pick<Hinted, 'candidates'> {
  if (grants === 'trusted' || grants === undefined) return failure
  const { candidates: _, ...rest } = failure
  return { ...rest, detail: rest.detail.split('\nDid you mean')[0] ?? '' }
}
