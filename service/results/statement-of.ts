import type { Static } from 'typebox'
import type { Caller } from '../access/caller.ts'
import type { QueryLimits } from '../config.ts'
import type { AsOf } from '../engine/messages.ts'
import type { Statement } from '../engine-pool/statement-run.ts'
import { ServiceError } from '../errors.ts'
import type { queryBody } from '../routes/query-body.ts'
import type { Format } from './formats.ts'

/** What an engine is to do for a request, within the limits of the service and of the caller. @throws ServiceError if it asks for more. */
export function statementOf(body: Static<typeof queryBody>, format: Format, caller: Caller, limits: QueryLimits): Statement {
  const { sql, params } = body
  const asOf = asOfOf(body)
  const allowedMs = Math.min(
    format === 'json' ? limits.timeoutMs : limits.streamTimeoutMs,
    caller.limits.timeoutMs ?? Number.POSITIVE_INFINITY,
  )
  const allowedRows = Math.min(limits.maxRows, caller.limits.maxRows ?? Number.POSITIVE_INFINITY)
  if (format !== 'json' && body.maxRows !== undefined)
    throw new ServiceError('invalidRequest', 'maxRows is for JSON answers: write LIMIT into the statement for the other formats.')
  return {
    text: {
      sql,
      ...(caller.grants && { grants: caller.grants }),
      ...(params && { params }),
      ...(asOf && { asOf }),
    },
    output: format === 'json' ? { kind: 'json', maxRows: tightened('maxRows', body.maxRows, allowedRows) } : { kind: 'stream', format },
    timeoutMs: tightened('timeoutMs', body.timeoutMs, allowedMs),
  }
}

/** The version as text: it has up to 19 digits. */
export function asOfOf({ asOf }: Pick<Static<typeof queryBody>, 'asOf'>): AsOf | undefined {
  return asOf && 'version' in asOf ? { version: String(asOf.version) } : asOf
}

/** @throws ServiceError if a caller wants more than it may have */
export function tightened(name: string, wanted: number | undefined, limit: number): number {
  if (wanted !== undefined && wanted > limit)
    throw new ServiceError('invalidRequest', `${name} is ${wanted}, at most ${limit} is allowed here.`)
  return wanted ?? limit
}
