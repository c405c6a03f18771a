import { cancelledBy } from '../cancelled-by.ts'
import { ServiceError } from '../errors.ts'
import type { EngineProcess } from './engine-process.ts'
import { FairQueue } from './fair-queue.ts'
import type { WorkLimits } from './work-run.ts'

/** Short statements have engines of their own to take, so they wait apart. */
export type Lane = 'short' | 'long'
export const lanes = ['short', 'long'] as const satisfies readonly Lane[]

interface Waiter {
  readonly take: (engine: EngineProcess) => void
  readonly refuse: (reason: ServiceError) => void
}

/** Those that wait for an engine: until it is their turn, their time is up, or nobody wants them any more. */
export class Turns {
  private readonly waiting = { short: new FairQueue<Waiter>(), long: new FairQueue<Waiter>() }

  get length(): number {
    return this.waiting.short.length + this.waiting.long.length
  }

  /** Resolves when the lane and the owner have their turn. @throws ServiceError */
  wait(lane: Lane, owner: string, { timeoutMs, signal }: WorkLimits): Promise<EngineProcess> {
    return new Promise((take, refuse) => {
      const leave = (reason: ServiceError) => {
        if (this.waiting[lane].remove(owner, waiter)) waiter.refuse(reason)
      }
      const late = setTimeout(
        () => leave(new ServiceError('queryTimeout', `The statement waited ${timeoutMs} ms for an engine: try again later.`)),
        timeoutMs,
      )
      const cancel = () => leave(cancelledBy(signal, 'The statement was cancelled while it waited.'))
      const settled = () => {
        clearTimeout(late)
        signal?.removeEventListener('abort', cancel)
      }
      const waiter: Waiter = {
        take(engine) {
          settled()
          take(engine)
        },
        refuse(reason) {
          settled()
          refuse(reason)
        },
      }
      signal?.addEventListener('abort', cancel)
      this.waiting[lane].push(owner, waiter)
    })
  }

  /** Whose turn is next in a lane; nobody waits where there is none. */
  next(lane: Lane): ((engine: EngineProcess) => void) | undefined {
    return this.waiting[lane].shift()?.take
  }

  waitIn(lane: Lane): boolean {
    return this.waiting[lane].length > 0
  }

  refuseAll(reason: ServiceError): void {
    for (const lane of lanes) for (const waiter of this.waiting[lane].clear()) waiter.refuse(reason)
  }
}
