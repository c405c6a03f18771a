import { ServiceError } from '../errors.ts'
import type { Caller } from './caller.ts'
import { holds, type Scope } from './scopes.ts'

/** Grants are on tables, and a file may hold the rows of any: a key that has some sees no objects.
 * @throws ServiceError forbidden */
export function assertMayUseObjects({ id, scopes, grants }: Caller, scope: Scope): void {
  if (!holds(scopes, scope)) throw new ServiceError('forbidden', `This needs the scope ${scope}; ${id} has ${scopes.join(', ') || 'none'}.`)
  if (grants)
    throw new ServiceError(
      'forbidden',
      `The key ${id} has grants on tables, and objects are for keys without: each may hold the rows of any table.`,
    )
}
