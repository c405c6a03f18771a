import type { TableName } from '../catalog/table-name.ts'
import { sameName } from '../engine/same-name.ts'
import { lockNumberOf, lockNumbers as numbers } from './lock-number.ts'

/** What PostgreSQL is told to lock one thing. Whoever wants it goes through its gate first, and whoever waits for all others to leave keeps
 * the gate shut meanwhile: else those who share it could go on for ever. */
export interface LockSql {
  /** The same for whoever wants the same. */
  readonly id: string
  /** What an error calls it. */
  readonly name: string
  /** Each says `held`, and of an exclusive one whether the gate is ours already, as `gated`. None of them waits. */
  readonly tryShared: string
  readonly tryExclusive: string
  readonly tryExclusiveGated: string
  readonly freeShared: string
  readonly freeExclusive: string
  readonly openGate: string
}

export function tableLockSql({ schema, name }: TableName): LockSql {
  const same = JSON.stringify([sameName(schema), sameName(name)])
  const number = lockNumberOf(same)
  return lockSql(same, `The table ${schema}.${name}`, `${numbers.table}, ${number}`, `${numbers.tableGate}, ${number}`)
}

/** @param publication its id */
export function publicationLockSql(publication: string): LockSql {
  const number = lockNumberOf(publication)
  return lockSql(publication, 'The publication', `${numbers.publication}, ${number}`, `${numbers.publicationGate}, ${number}`)
}

export const maintenanceLockSql = lockSql('', 'The lake', `${numbers.maintenance}, 0`, `${numbers.maintenanceGate}, 0`)

function lockSql(id: string, name: string, lock: string, gate: string): LockSql {
  return {
    id,
    name,
    tryShared: `WITH gate AS MATERIALIZED (SELECT pg_try_advisory_lock_shared(${gate}) AS gated),
      lock AS MATERIALIZED (SELECT gated, CASE WHEN gated THEN pg_try_advisory_lock_shared(${lock}) ELSE false END AS held FROM gate)
      SELECT held, false AS gated, CASE WHEN gated THEN pg_advisory_unlock_shared(${gate}) END FROM lock`,
    tryExclusive: `WITH gate AS MATERIALIZED (SELECT pg_try_advisory_lock(${gate}) AS gated),
      lock AS MATERIALIZED (SELECT gated, CASE WHEN gated THEN pg_try_advisory_lock(${lock}) ELSE false END AS held FROM gate)
      SELECT held, gated AND NOT held AS gated, CASE WHEN held THEN pg_advisory_unlock(${gate}) END FROM lock`,
    tryExclusiveGated: `WITH lock AS MATERIALIZED (SELECT pg_try_advisory_lock(${lock}) AS held)
      SELECT held, NOT held AS gated, CASE WHEN held THEN pg_advisory_unlock(${gate}) END FROM lock`,
    freeShared: `SELECT pg_advisory_unlock_shared(${lock})`,
    freeExclusive: `SELECT pg_advisory_unlock(${lock})`,
    openGate: `SELECT pg_advisory_unlock(${gate})`,
  }
}
