/** Every error that the service answers with. `detail` is for the caller; what is only for the log never gets in here.
 * docs/service.md and the tests list the same codes. */
export const errors = {
  invalidRequest: { status: 400, title: 'The request is not valid' },
  sqlSyntax: { status: 400, title: 'The statement cannot be parsed' },
  sqlInvalid: { status: 400, title: 'The statement names something that is not there or does not fit' },
  digestMismatch: { status: 400, title: 'The body is not the one that its digest belongs to' },
  dataInvalid: { status: 400, title: 'The data cannot be read, or does not fit' },
  unauthenticated: { status: 401, title: 'A valid key is needed' },
  forbidden: { status: 403, title: 'The key may not do this' },
  statementRefused: { status: 403, title: 'The statement is not allowed' },
  snapshotNotFound: { status: 404, title: 'There is no such snapshot' },
  notFound: { status: 404, title: 'There is no such resource' },
  methodNotAllowed: { status: 405, title: 'The resource does not have this method' },
  notAcceptable: { status: 406, title: 'The result has none of the formats that were asked for' },
  requestTimeout: { status: 408, title: 'The request did not arrive in time' },
  writeInProgress: { status: 409, title: 'The first request with this key has not ended yet' },
  writeConflict: { status: 409, title: 'Another write changed the same' },
  conflict: { status: 409, title: 'The state of the resource does not allow it' },
  gone: { status: 410, title: 'The resource is not there any more' },
  preconditionFailed: { status: 412, title: 'The resource is not the version that the request is for' },
  bodyTooLarge: { status: 413, title: 'The request is too large' },
  outOfMemory: { status: 413, title: 'The statement needs more memory than it may have' },
  resultTooLarge: { status: 413, title: 'The result is larger than may be kept' },
  unsupportedMediaType: { status: 415, title: 'The request’s content type is not supported' },
  rangeNotSatisfiable: { status: 416, title: 'The resource has no such bytes' },
  idempotencyMismatch: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  notPublishable: { status: 422, title: 'The table has something that others cannot read' },
  queryFailed: { status: 422, title: 'The statement failed while it ran' },
  tooManyQueries: { status: 429, title: 'Too many statements are waiting' },
  queueFull: { status: 429, title: 'Too many messages wait for the table' },
  tooManyRequests: { status: 429, title: 'Too many requests' },
  headersTooLarge: { status: 431, title: 'The request’s headers are too large' },
  queryCancelled: { status: 499, title: 'The statement was cancelled' },
  internal: { status: 500, title: 'The service made a mistake' },
  notSupported: { status: 501, title: 'This lake cannot do that' },
  outcomeUnknown: { status: 503, title: 'It is not known whether the write was committed' },
  tableBusy: { status: 503, title: 'Another write holds the table' },
  engineLost: { status: 503, title: 'The engine ended while the statement ran' },
  engineNotReady: { status: 503, title: 'No engine is ready' },
  catalogUnavailable: { status: 503, title: 'The catalog does not answer' },
  catalogUnfit: { status: 503, title: 'The catalog is not one that the service may use' },
  storageUnavailable: { status: 503, title: 'The object store does not answer' },
  queueUnavailable: { status: 503, title: 'The lake has no ingest queue' },
  identityUnavailable: { status: 503, title: 'The issuer of tokens does not answer' },
  queryTimeout: { status: 504, title: 'The statement took too long' },
  storageFull: { status: 507, title: 'The statement needs more disk than there is' },
} as const

export type ErrorCode = keyof typeof errors

export function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(errors, name)
}

/** Where in a statement or in the data, and what else it could have been. */
export interface SqlPlace {
  /** Index into the statement as JavaScript counts: UTF-16 code units, from 0. */
  readonly position?: number
  /** Names that exist and look like the one that does not. */
  readonly candidates?: readonly string[]
  /** Rows that do not fit: how many, and the first of them. */
  readonly rejects?: { readonly count: number; readonly first: readonly RejectedRow[] }
}

/** One value of a row, or the whole row, that cannot be written. */
export interface RejectedRow {
  /** Of the file, from 1, or the number of the row where there are no lines. */
  readonly line: number
  readonly column?: string
  readonly value?: string
  readonly reason: string
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
