import { ServiceError } from '../../errors.ts'
import type { Rejects } from '../ingest/source.ts'

/** Rejects that are told of. */
export const toldRejects = 20

/** What a caller hears of rows that do not fit: how many, the first of them, and what to do. */
export function rejected({ total, count, first }: Rejects, maxRejects: number): ServiceError {
  const [{ line, column, value, reason } = { line: 0, reason: 'does not fit' }] = first
  const place = `line ${line}${column === undefined ? '' : `, column "${column}"`}${value === undefined ? '' : `: ${JSON.stringify(value)}`}`
  const allowed = maxRejects === 0 ? 'or allow some to be left out with maxRejects' : `maxRejects allows ${maxRejects}`
  return new ServiceError(
    'dataInvalid',
    `${count} of ${total} rows do not fit, and nothing was written. The first is ${place} ${reason}. Mend them, ${allowed}.`,
    { rejects: { count, first } },
  )
}
