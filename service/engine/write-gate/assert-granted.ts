import { type Grants, mayRead } from '../../access/grants.ts'
import { ServiceError } from '../../errors.ts'
import { sameName } from '../same-name.ts'
import { isTable, type WriteStatement } from './write-statement.ts'

/** A key with grants changes what they name, and makes new things only where they already reach: in a schema that is granted as a whole, or
 * under the name of a table that is. The sentence is the same whether there is such a table or not.
 * @throws ServiceError statementRefused */
export function assertGranted({ target, renamedTo }: WriteStatement, grants: Grants): void {
  if (grants === undefined) return
  if (isTable(target)) {
    for (const { schema, name } of [target, ...(renamedTo ? [renamedTo] : [])]) {
      if (!mayRead(grants, { schema, name }))
        throw new ServiceError('statementRefused', `There is no table ${schema}.${name} that this key may change or make.`)
    }
    return
  }
  const { schema } = target
  if (!grants.some(grant => grant.table === undefined && sameName(grant.schema) === sameName(schema)))
    throw new ServiceError('statementRefused', `There is no schema ${schema} that this key may make or drop.`)
}
