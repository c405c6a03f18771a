import { type ErrorCode, errors, type RejectedRow, ServiceError } from './errors.ts'

/** A problem as it is sent. @see https://www.rfc-editor.org/rfc/rfc9457 */
export interface Problem {
  readonly type: `/problems/${ErrorCode}`
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly requestId: string
  readonly position?: number
  readonly candidates?: readonly string[]
  readonly rejectedCount?: number
  readonly errors?: readonly RejectedRow[]
}

/** What a caller is told of an error. Of one that is not for callers, only where to find it in the log. */
export function problemOf(error: unknown, requestId: string): Problem {
  const { code, detail, place } =
    error instanceof ServiceError ? error : new ServiceError('internal', 'The log has the details under the request’s id.')
  const { status, title } = errors[code]
  const { position, candidates, rejects } = place
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    requestId,
    ...(position !== undefined && { position }),
    ...(candidates && { candidates }),
    ...(rejects && { rejectedCount: rejects.count, errors: rejects.first }),
  }
}
