import { setTimeout as sleep } from 'node:timers/promises'

interface Repeated {
  readonly everyMs: number
  /** May say how long to wait this time. */
  readonly work: () => Promise<number | undefined>
  /** Told of the first of several failures in a row: while a server is away, every few seconds would fill the log. */
  readonly failed: (error: unknown) => void
}

/** Does work again and again, each time after the last has ended. @returns when the signal has come and the work has ended */
export async function repeat(stop: AbortSignal, { everyMs, work, failed }: Repeated): Promise<void> {
  let failing = false
  while (!stop.aborted) {
    let pauseMs = everyMs
    try {
      pauseMs = (await work()) ?? everyMs
      failing = false
    } catch (error) {
      if (!failing) failed(error)
      failing = true
    }
    await sleep(pauseMs, undefined, { signal: stop, ref: false }).catch(() => {})
  }
}
