import { setTimeout as sleep } from 'node:timers/promises'
import { UnreachableError } from '../client/lake-error.ts'

/** A statement may take its time; after so long without an answer it is asked whether anybody is there. */
const defaultSilenceMs = 10_000

/** A fetch that does not wait for ever for who takes a connection and says nothing, as a stopped process or a wrong port does: the service
 * answers to /livez while it works, and whoever does not answer to that either is not waited for.
 * @param silenceMs how long each of the two may take */
export function watchful(lake: string, silenceMs = defaultSilenceMs): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    // Not AbortSignal.any with AbortSignal.timeout: in Node 20 the two may be collected before they fire.
    const [ended, answered] = [new AbortController(), new AbortController()]
    const leave = () => ended.abort(request.signal.reason)
    if (request.signal.aborted) leave()
    request.signal.addEventListener('abort', leave, { once: true })
    watch(lake, silenceMs, answered.signal).catch((error: unknown) => {
      // What is looked for when the answer comes is looked for no longer: the body goes on.
      if (!answered.signal.aborted) ended.abort(new UnreachableError(new URL(lake).origin, error))
    })
    try {
      return await fetch(request, { signal: ended.signal })
    } finally {
      answered.abort()
    }
  }
}

/** Looks again and again. @throws if nobody answers, and after the signal's abort */
async function watch(lake: string, silenceMs: number, signal: AbortSignal): Promise<never> {
  const livez = `${lake.replace(/\/+$/, '')}/livez`
  for (;;) {
    await sleep(silenceMs, undefined, { signal })
    const looking = new AbortController()
    const stop = () => looking.abort(new Error('it takes the connection, and then nothing comes'))
    const timer = setTimeout(stop, silenceMs)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { body } = await fetch(livez, { signal: looking.signal })
      await body?.cancel()
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }
}
