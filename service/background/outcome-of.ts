import { ServiceError } from '../errors.ts'
import type { QueryFailure, QueryOutcome } from '../store/queries.ts'

/** How a query ended that has no result. */
export function outcomeOf(error: unknown): QueryOutcome {
  const failure = failureOf(error)
  return { state: failure.code === 'queryCancelled' ? 'cancelled' : 'failed', error: failure }
}

function failureOf(error: unknown): QueryFailure {
  // Of a signal without a reason of its own: the caller asked for it.
  if (error instanceof DOMException && error.name === 'AbortError')
    return { code: 'queryCancelled', detail: 'The statement was cancelled.' }
  if (!(error instanceof ServiceError)) return { code: 'internal', detail: 'The log has the details under the query’s id.' }
  return { code: error.code, detail: error.detail, ...error.place }
}
