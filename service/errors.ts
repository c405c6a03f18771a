/** Every error that the service answers with. `detail` is for the caller; what is only for the log never gets in here.
 * docs/service.md and the tests list the same codes. */
export const errors = {
  invalidRequest: { status: 400, title: 'The request is not valid' },
  sqlSyntax: { status: 400, title: 'The statement cannot be parsed' },
  sqlInvalid: { status: 400, title: 'The statement names something that is not there or does not fit' },
  unauthenticated: { status: 401, title: 'A valid key is needed' },
  statementRefused: { status: 403, title: 'The statement is not allowed' },
  notFound: { status: 404, title: 'There is no such resource' },
  bodyTooLarge: { status: 413, title: 'The request is too large' },
  unsupportedMediaType: { status: 415, title: 'The request’s content type is not supported' },
  queryFailed: { status: 422, title: 'The statement failed while it ran' },
  outOfMemory: { status: 422, title: 'The statement needs more memory than it may have' },
  tooManyQueries: { status: 429, title: 'Too many statements are waiting' },
  internal: { status: 500, title: 'The service made a mistake' },
  engineLost: { status: 503, title: 'The engine ended while the statement ran' },
  engineNotReady: { status: 503, title: 'No engine is ready' },
  catalogUnavailable: { status: 503, title: 'The catalog does not answer' },
  storageUnavailable: { status: 503, title: 'The object store does not answer' },
  queryTimeout: { status: 504, title: 'The statement took too long' },
} as const

export type ErrorCode = keyof typeof errors

/** Where in a statement and what else it could have been. */
export interface SqlPlace {
  /** Index into the statement as JavaScript counts: UTF-16 code units, from 0. */
  readonly position?: number
  /** Names that exist and look like the one that does not. */
  readonly candidates?: readonly string[]
}

/** An error that its caller is told about. */
export class ServiceError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly place: SqlPlace = {},
  ) {
    super(`${code}: ${detail}`)
  }
}
