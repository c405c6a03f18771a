import type { components } from './api-types.ts'

/** A problem document as the service sends it. */
export type Problem = components['schemas']['Problem']

/** What every error of the client is. `code` is stable: decide by it. `detail` is a sentence for a person. */
export class LakeError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options)
    this.name = new.target.name
  }
}

/** The service answered with a problem. */
export class ProblemError extends LakeError {
  readonly status: number
  /** The service's log has more under it. */
  readonly requestId: string

  constructor(readonly problem: Problem) {
    super(problem.code, problem.detail)
    this.status = problem.status
    this.requestId = problem.requestId
  }
}

/** Something answered, and it was not the service: a proxy, or another program on its port. */
export class StrangeAnswerError extends LakeError {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super('strangeAnswer', detail)
  }
}

/** Nobody answered. */
export class UnreachableError extends LakeError {
  constructor(url: string, cause: unknown) {
    super('unreachable', `${url} does not answer: ${reasonOf(cause)}.`, { cause })
  }
}

/** The answer broke off after its head: what came of it is not all there is. */
export class CutError extends LakeError {
  constructor(
    readonly queryId: string | undefined,
    reason?: { readonly code: string; readonly detail: string },
    cause?: unknown,
  ) {
    super(reason?.code ?? 'cut', reason ? `The answer is not complete. ${reason.detail}` : 'The answer broke off: it is not complete.', {
      cause,
    })
  }
}

export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string' &&
    'status' in value &&
    typeof value.status === 'number' &&
    'requestId' in value
  )
}

/** The error that an answer without success stands for; reads its body. */
export async function errorOf(response: Response): Promise<LakeError> {
  const text = await response.text().catch(() => '')
  const problem = parsed(text)
  if (isProblem(problem)) return new ProblemError(problem)
  const start = text.trim().slice(0, 200)
  return new StrangeAnswerError(
    response.status,
    `${response.url} answered ${response.status} and no problem document${start ? `: ${start}` : ''}. Is this the address of a lake?`,
  )
}

/** @param types content types, of which a success has to be one
 * @throws StrangeAnswerError if it is none: the page of a proxy where one signs in, for example, is no result */
export async function assertType(response: Response, ...types: readonly string[]): Promise<void> {
  const [said = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';')
  if (types.includes(said.trim())) return
  await response.body?.cancel()
  throw new StrangeAnswerError(
    response.status,
    `${response.url} answered ${response.status} with ${said.trim() || 'something without a type'}, not with ${types.join(' or ')}. Is this the address of a lake?`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Node's fetch says "fetch failed" and has the reason as its cause; of a name with several addresses, one for each. OpenSSL's has ends of lines. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message.trim().replace(/\s+/g, ' ') : reasonOf(error.cause)
}
