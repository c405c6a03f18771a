import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import { FairQueue } from '../engine-pool/fair-queue.ts'
import type { Owner } from '../engine-pool/pool-limits.ts'
import type { Progress, Statement } from '../engine-pool/statement-run.ts'
import { ServiceError } from '../errors.ts'
import {
  endLost,
  endQuery,
  insertQuery,
  keepAlive,
  keptBytes,
  type NewQuery,
  type QueryOutcome,
  requestCancel,
  startQuery,
} from '../store/queries.ts'
import type { Store } from '../store/store.ts'
import type { KeptResults } from './kept-results.ts'
import { outcomeOf } from './outcome-of.ts'

/** How often a process says that it still works on its queries, and hears which of them are to be cancelled. */
export const signEveryMs = 1_000

/** A process that has said nothing for so long has ended. */
const silentMs = 15_000

export interface BackgroundLimits {
  readonly running: number
  readonly perOwnerMax: number
  readonly timeoutMs: number
  readonly resultMaxMb: number
  readonly resultsPerOwnerMb: number
  readonly keepHours: number
}

/** A query as it is ordered. */
export interface Order {
  readonly query: NewQuery
  readonly text: Statement['text']
  readonly submittedAt: Date
  readonly timeoutMs: number
  readonly owner: Owner
}

/** What is told to whoever logs and counts. */
export interface BackgroundObserver {
  ended(order: Order, outcome: QueryOutcome): void
  /** Something that no caller can have caused, or that will be tried again. */
  failed(error: unknown): void
}

interface Task extends Order {
  readonly abort: AbortController
  readonly done: Promise<QueryOutcome>
  settle(outcome: QueryOutcome): void
  progress?: Progress
  engine?: string
}

/** Statements that go on after their request. The store knows of each; this process works on those that were sent to it. */
export class BackgroundQueries {
  private readonly process = randomUUID()
  private readonly tasks = new Map<string, Task>()
  private readonly waiting = new FairQueue<Task>()
  private running = 0
  private closed = false

  constructor(
    private readonly engines: EnginePool,
    private readonly store: Store,
    private readonly results: KeptResults,
    private readonly limits: BackgroundLimits,
    private readonly observer: BackgroundObserver,
  ) {}

  /** Writes the query down and sees to it. @throws ServiceError tooManyQueries, resultTooLarge if this key has enough of both already */
  async submit(order: Order): Promise<void> {
    const { perOwnerMax, resultsPerOwnerMb } = this.limits
    if (this.closed) throw new ServiceError('engineNotReady', 'The service is stopping.')
    const kept = await keptBytes(this.store.ask, order.owner.id)
    if (kept >= resultsPerOwnerMb * 1_048_576)
      throw new ServiceError('resultTooLarge', `The results that are kept for this key have ${kept} bytes: delete some of them first.`)
    if (!(await insertQuery(this.store.ask, order.query, this.process, perOwnerMax)))
      throw new ServiceError('tooManyQueries', `${perOwnerMax} queries of this key run or wait in the background already.`)
    let settle: (outcome: QueryOutcome) => void = () => {}
    const done = new Promise<QueryOutcome>(resolve => {
      settle = resolve
    })
    const task: Task = { ...order, abort: new AbortController(), done, settle }
    this.tasks.set(order.query.id, task)
    this.waiting.push(order.owner.id, task)
    task.abort.signal.addEventListener('abort', () => {
      if (this.waiting.remove(order.owner.id, task)) this.finish(task, outcomeOf(task.abort.signal.reason))
    })
    this.serve()
  }

  progressOf(id: string): Progress | undefined {
    return this.tasks.get(id)?.progress
  }

  /** Resolves when the query has ended, or after that time; of one of another process it does not know the end. */
  async settled(id: string, waitMs: number): Promise<void> {
    const task = this.tasks.get(id)
    await Promise.race([...(task ? [task.done] : []), sleep(waitMs, undefined, { ref: false })])
  }

  /** Asks for its end; a process that is not this one hears of it within a second. @returns whether it still ran or waited */
  async cancel(id: string): Promise<boolean> {
    const cancelled = await requestCancel(this.store.ask, id)
    if (cancelled) this.tasks.get(id)?.abort.abort()
    return cancelled
  }

  /** To be called every `signEveryMs`. */
  async sign(): Promise<void> {
    if (this.tasks.size === 0) return
    const signs = [...this.tasks].map(([id, { progress, engine = null }]) => ({ id, percent: progress?.percent ?? null, engine }))
    for (const id of await keepAlive(this.store.ask, signs)) this.tasks.get(id)?.abort.abort()
  }

  /** Ends what a process worked on that has ended without a word, also what ran for its request. */
  async endLost(): Promise<void> {
    const what = 'The process of the service that worked on it has ended'
    await endLost(
      this.store.ask,
      silentMs,
      { code: 'engineLost', detail: `${what}: send it again.` },
      {
        code: 'outcomeUnknown',
        detail: `${what}, perhaps after its commit: look at the table, or send it again with its Idempotency-Key.`,
      },
    )
  }

  /** Cancels what runs and waits, and has it written down. */
  async close(): Promise<void> {
    this.closed = true
    const stopping = new ServiceError('engineNotReady', 'The service stopped while it ran: send it again.')
    for (const { abort } of this.tasks.values()) abort.abort(stopping)
    await Promise.all([...this.tasks.values()].map(({ done }) => done))
  }

  private serve(): void {
    while (this.running < this.limits.running) {
      const task = this.waiting.shift()
      if (!task) return
      this.running += 1
      this.work(task).then(() => {
        this.running -= 1
        this.serve()
      })
    }
  }

  private async work(task: Task): Promise<void> {
    const outcome = await this.execute(task).catch((error: unknown) => {
      if (!(error instanceof ServiceError || task.abort.signal.aborted)) this.observer.failed(error)
      return outcomeOf(error)
    })
    await this.finish(task, outcome)
  }

  private async finish(task: Task, outcome: QueryOutcome): Promise<void> {
    const { id } = task.query
    if (outcome.state !== 'succeeded') await this.results.remove(id).catch(this.observer.failed)
    // While PostgreSQL is away there is no other place to say how it ended.
    while (!(await this.write(id, outcome)) && !this.closed) await sleep(signEveryMs, undefined, { ref: false })
    this.tasks.delete(id)
    this.observer.ended(task, outcome)
    task.settle(outcome)
  }

  /** @returns whether trying again makes no sense */
  private async write(id: string, outcome: QueryOutcome): Promise<boolean> {
    try {
      await endQuery(this.store.ask, id, outcome)
      return true
    } catch (error) {
      this.observer.failed(error)
      return !(error instanceof ServiceError)
    }
  }

  private async execute(task: Task): Promise<QueryOutcome> {
    const { query, text, timeoutMs, owner, abort } = task
    await startQuery(this.store.ask, query.id)
    abort.signal.throwIfAborted()
    const path = this.results.pathOf(query.id)
    const { head, end } = await this.engines.run(
      {
        text,
        output: { kind: 'file', path },
        timeoutMs,
        signal: abort.signal,
        begun: engine => {
          task.engine = engine
        },
        onProgress: progress => {
          task.progress = progress
          this.bound(path).catch((error: unknown) => abort.abort(error))
        },
      },
      owner,
    )
    const { rowCount } = await end
    const resultBytes = await this.bound(path)
    await this.results.keep(query.id)
    const resultUntil = new Date(Date.now() + this.limits.keepHours * 3_600_000)
    return {
      state: 'succeeded',
      snapshotId: head.snapshotId,
      rowCount,
      columns: head.columns,
      tables: head.tables,
      resultBytes,
      resultUntil,
    }
  }

  /** @returns the size of the file so far. @throws ServiceError if it is more than may be kept */
  private async bound(path: string): Promise<number> {
    const bytes = await stat(path).then(
      ({ size }) => size,
      () => 0,
    )
    const { resultMaxMb } = this.limits
    if (bytes <= resultMaxMb * 1_048_576) return bytes
    throw new ServiceError(
      'resultTooLarge',
      `The result is larger than ${resultMaxMb} MB: select fewer rows or columns, or read it as a stream.`,
    )
  }
}
