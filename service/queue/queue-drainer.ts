import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { ServiceError } from '../errors.ts'
import { queuesWithWork } from '../store/queue-batches.ts'
import { type DrainObserver, type DrainParts, QueueDrain } from './drain-queue.ts'
import { failureOf } from './failure.ts'
import { QueueSession } from './queue-session.ts'

/** How long messages are gathered after the first one has come, so that those of many senders become one commit and one file. With the
 * commit itself they are in the table well within `queueVisibleMs`. */
const gatherMs = 250

/** How often it is looked for queues whose wake-up got lost, or whose process ended. */
const lookEveryMs = 2_000

/** While nothing is in the way and one batch holds all that wait, a message that was taken with 202 is in its table after that long. */
export const queueVisibleMs = 3_000

/** How long a queue rests that something is in the way of; it doubles up to the second. */
const rest = { firstMs: 500, lastMs: 30_000 }

/** Queues that one process drains beside each other: each holds a batch in memory. */
const maxDrains = 4

/** How long a batch may go on when the service stops; then it is left to whoever starts next. */
const lastBatchMs = 4_000

/** Drains all queues of the lake, each by one process at a time. */
export class QueueDrainer {
  private session: QueueSession | undefined
  private readonly drains = new Map<string, { readonly drain: QueueDrain; restMs: number; restsUntil: number }>()
  private readonly running = new Map<string, Promise<void>>()
  private readonly woken = new Set<string>()
  /** Aborted when the locks are lost: what goes on without them could be done twice. */
  private holding = new AbortController()
  private closed = false
  private failing = false
  private looking: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly login: CatalogLogin,
    private readonly parts: DrainParts,
    private readonly observer: DrainObserver & { readonly failed: (error: unknown) => void },
  ) {}

  open(): void {
    this.timer = setInterval(() => this.look(), lookEveryMs).unref()
    this.look()
  }

  /** Ends the batches that are on their way, or leaves them to whoever goes on. */
  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    const late = setTimeout(() => this.holding.abort(new ServiceError('engineNotReady', 'The service is stopping.')), lastBatchMs)
    await this.looking
    await Promise.all(this.running.values())
    clearTimeout(late)
    await this.session?.close()
  }

  /** Looks for queues that have something to do, and connects first if need be. */
  private look(): void {
    this.looking ??= this.connectAndLook()
      .then(
        () => {
          this.failing = false
        },
        (error: unknown) => {
          // Once, and not every few seconds while PostgreSQL is away.
          if (!this.failing) this.observer.failed(error)
          this.failing = true
        },
      )
      .finally(() => {
        this.looking = undefined
      })
  }

  private async connectAndLook(): Promise<void> {
    if (!this.session) {
      this.holding = new AbortController()
      const session = await QueueSession.open(this.login, this.parts.gateway, {
        woken: queue => this.wake(queue),
        lost: () => {
          this.session = undefined
          this.holding.abort(
            new ServiceError('catalogUnavailable', 'The right to drain the queue was lost with its connection to PostgreSQL.'),
          )
        },
      })
      if (this.closed) return session.close()
      this.session = session
    }
    for (const queue of await queuesWithWork(this.parts.store.ask)) this.wake(queue)
  }

  private wake(queue: string): void {
    if (this.closed || queue === '') return
    this.woken.add(queue)
    const resting = (this.drains.get(queue)?.restsUntil ?? 0) > performance.now()
    if (resting || this.running.has(queue) || this.running.size >= maxDrains) return
    const run = this.run(queue)
      .catch(this.observer.failed)
      .finally(() => {
        this.running.delete(queue)
        for (const each of this.woken) this.wake(each)
      })
    this.running.set(queue, run)
  }

  /** Drains a queue until it is empty, if no other process does. */
  private async run(queue: string): Promise<void> {
    const { session, holding } = this
    this.woken.delete(queue)
    if (!session || !(await session.tryLock(queue))) return
    const known = this.drains.get(queue) ?? { drain: new QueueDrain(queue, this.parts, this.observer), restMs: rest.firstMs, restsUntil: 0 }
    this.drains.set(queue, known)
    try {
      await sleep(gatherMs, undefined, { signal: holding.signal }).catch(() => {})
      for (let step = await this.step(known.drain, holding.signal); ; step = await this.step(known.drain, holding.signal)) {
        if (step === 'blocked') {
          known.restsUntil = performance.now() + known.restMs
          known.restMs = Math.min(known.restMs * 2, rest.lastMs)
          return
        }
        known.restMs = rest.firstMs
        if (step !== 'more' || holding.signal.aborted || this.closed) return
      }
    } finally {
      await session.unlock(queue)
    }
  }

  private async step(drain: QueueDrain, signal: AbortSignal) {
    if (signal.aborted) return 'blocked'
    try {
      return await drain.step(signal)
    } catch (error) {
      this.observer.failed(failureOf(error))
      return 'blocked'
    }
  }
}
