import { ServiceError } from './errors.ts'

/** Why somebody aborted: the signal's reason where it is an error for callers, a lost lock for example, else that it was cancelled. */
export function cancelledBy(signal: AbortSignal | undefined, detail: string): ServiceError {
  const reason: unknown = signal?.reason
  return reason instanceof ServiceError ? reason : new ServiceError('queryCancelled', detail)
}
