import { signal } from '@preact/signals'
import { key, refusal } from '../session.ts'

/** What the service says is wrong, and where. */
export interface Problem {
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId?: string
  readonly position?: number
  readonly candidates?: readonly string[]
  readonly rejectedCount?: number
  readonly errors?: readonly { readonly line: number; readonly column?: string; readonly value?: string; readonly reason: string }[]
}

/** An answer that is no success, or none at all (`code` is `unreachable` then). */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail)
  }
}

/** Whether the service answered when it was last asked. */
export const reachable = signal(true)

export interface Ask {
  readonly method?: string
  readonly body?: string | Blob
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Another key than that of the window. */
  readonly key?: string
}

// Not `service/client`: that has one key for as long as it lives and sends again by itself, while here the key is whatever the window has at
// the moment, a refusal signs it out, and people see at once that nobody answers, and ask again themselves. It would be 5 KB more, too.

/** Asks the service with the key of this window. @throws ProblemError, or the reason of an abort */
export async function ask(
  path: string,
  { method = 'GET', body, type = 'application/json', headers, signal, key: other }: Ask = {},
): Promise<Response> {
  const asked = other ?? key.peek()
  const response = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${asked ?? ''}`, ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw signal.reason
    reachable.value = false
    throw new ProblemError(unreachable(error))
  })
  reachable.value = true
  if (response.ok) return response
  const problem = await problemOf(response)
  if (problem.code === 'unauthenticated' && key.peek() === asked) refusal.value = problem.detail
  throw new ProblemError(problem)
}

/** The same, with a JSON answer. @throws ProblemError */
export async function askJson<Answer>(path: string, options: Ask = {}): Promise<Answer> {
  const response = await ask(path, options)
  try {
    const answer: Answer = await response.json()
    return answer
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    throw new ProblemError(unreachable(error))
  }
}

export function toProblem(error: unknown): Problem {
  return error instanceof ProblemError
    ? error.problem
    : { title: 'The page made a mistake', status: 0, code: 'page', detail: String(error) }
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '')
  const fallback = { title: response.statusText, status: response.status, code: `http${response.status}`, detail: text.slice(0, 500) }
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return fallback
  try {
    const problem: Problem = JSON.parse(text)
    return problem
  } catch {
    return fallback
  }
}

function unreachable(error: unknown): Problem {
  return {
    title: 'The service does not answer',
    status: 0,
    code: 'unreachable',
    detail: `${navigator.onLine ? 'It may be restarting' : 'This machine is offline'}: nothing is lost, try again in a moment. (${error instanceof Error ? error.message : String(error)})`,
  }
}
