import { UnreachableError } from './lake-error.ts'

/** How long a request is tried that may be sent twice. */
export interface Patience {
  /** The first one counts. */
  readonly tries: number
  /** A Retry-After beyond it is not waited for. */
  readonly longestWaitMs: number
}

export const defaultPatience: Patience = { tries: 4, longestWaitMs: 30_000 }

const idempotentMethods = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']
/** The first pause where nobody says how long; each further one is twice as long. */
const firstPauseMs = 250

/** Whether the service may get it twice: it changes nothing, changes the same again, or carries a key by which the second is known. */
export function mayRepeat({ method, headers, url }: Request): boolean {
  return idempotentMethods.includes(method) || headers.has('idempotency-key') || new URL(url).pathname.endsWith('/v1/query')
}

/** Sends a request, again if nobody answers, or if the service has no room (429) or is not ready (503) and says when to come back.
 * @param make the request, anew for each try @throws UnreachableError, or the reason of an abort */
export async function persist(make: () => Request, send: typeof fetch, { tries, longestWaitMs }: Patience): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const request = make()
    const last = attempt >= tries || !mayRepeat(request)
    const pauseMs = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
    try {
      const response = await send(request)
      const waitMs = retryAfterMs(response)
      if (last || waitMs === undefined || waitMs > longestWaitMs) return response
      await response.body?.cancel()
      await pause(Math.max(waitMs, pauseMs), request.signal)
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      // Whoever sends for us may know that it is of no use.
      if (error instanceof UnreachableError) throw error
      if (last) throw new UnreachableError(new URL(request.url).origin, error)
      await pause(pauseMs, request.signal)
    }
  }
}

/** @returns undefined if another try would get the same answer */
function retryAfterMs({ status, headers }: Response): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  const said = headers.get('retry-after')
  if (said === null) return undefined
  const ms = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0)
}

/** @throws the reason of an abort, at once if that was before */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
