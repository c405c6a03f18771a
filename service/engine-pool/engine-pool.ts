import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { cancelledBy } from '../cancelled-by.ts'
import type { ReportOf, Work, WorkName } from '../engine/works.ts'
import { type ErrorCode, ServiceError } from '../errors.ts'
import { drainTimeoutMs, shortQueryMs } from '../settings.ts'
import { type EngineOptions, EngineProcess } from './engine-process.ts'
import type { Owner, PoolLimits } from './pool-limits.ts'
import type { EngineResult, Statement } from './statement-run.ts'
import { type Lane, lanes, Turns } from './turns.ts'
import type { WorkLimits } from './work-run.ts'

/** How long to wait before an engine that did not start is tried again; it doubles up to the second. */
const firstRetryMs = 200
const lastRetryMs = 2_000

/** An engine that did not start for a reason of its own may well start the next time: callers wait for that many tries. */
const maxFailures = 3

export type EndOfEngine = 'recycled' | 'killed' | 'lost'

/** What the pool tells whoever counts. */
export interface PoolObserver {
  started(startMs: number): void
  ended(how: EndOfEngine): void
  failed(error: unknown): void
}

/** Hands statements to engines, one each at a time, and replaces engines that end. */
export class EnginePool {
  /** Resolves when the engines that `open` began with are all there, or the pool has closed. */
  full: Promise<void> = Promise.resolve()
  private readonly idle: EngineProcess[] = []
  private readonly all = new Set<EngineProcess>()
  private readonly turns = new Turns()
  private readonly held = new Map<string, number>()
  private readonly over = new Set<Promise<void>>()
  private active = 0
  private filling = false
  private failure: ServiceError | undefined
  private failures = 0
  private closed = false

  constructor(
    private readonly options: EngineOptions,
    private readonly limits: PoolLimits,
    private readonly observer: PoolObserver,
  ) {}

  /** Starts the engines. Resolves when the first is ready or has failed to start; the others follow in the background.
   * @param early the first one's process, where it was started before. */
  async open(early?: ChildProcess): Promise<void> {
    if (this.closed || this.limits.engines === 0) return
    await this.startOne(early)
    this.full = this.fill()
  }

  get queued(): number {
    return this.turns.length
  }

  get running(): number {
    return this.active
  }

  get rssMb(): number {
    let sum = 0
    for (const engine of this.all) sum += engine.rssMb
    return sum
  }

  get engines(): number {
    return this.all.size
  }

  /** How many there should be, spares among them. */
  get wanted(): number {
    const { engines, shortEngines, spares } = this.limits
    return engines === 0 ? 0 : engines + shortEngines + spares
  }

  /** Why no statement will run; nothing if one would, perhaps after a wait for an engine that is starting. */
  get refusal(): ServiceError | undefined {
    if (this.closed) return new ServiceError('engineNotReady', 'The service is stopping.')
    if (this.limits.engines === 0) return new ServiceError('engineNotReady', 'This process of the service has no engine for that.')
    return this.all.size === 0 && this.failures >= (this.failure && shown.includes(this.failure.code) ? 1 : maxFailures)
      ? this.failure
      : undefined
  }

  /** Runs a statement, when it is its turn. @throws ServiceError */
  async run(statement: Statement, owner: Owner): Promise<EngineResult> {
    const engine = await this.lease(statement, owner)
    const { result, over } = engine.run(statement)
    this.returnAfter(over, engine, owner)
    return result
  }

  /** Has an engine do a work, when it is its turn. @throws ServiceError if it did not begin, else WorkError */
  async perform<Name extends WorkName>(work: Work<Name> & Work, limits: WorkLimits, owner: Owner): Promise<ReportOf<Name>> {
    const engine = await this.lease(limits, owner)
    const result = this.begin<Name>(engine, work, limits)
    const over = result.then(
      () => {},
      () => {},
    )
    this.returnAfter(over, engine, owner)
    return result
  }

  private async begin<Name extends WorkName>(engine: EngineProcess, work: Work<Name> & Work, limits: WorkLimits): Promise<ReportOf<Name>> {
    if (limits.assigned) {
      await limits.assigned(engine.session)
      if (!engine.usable) throw new ServiceError('engineLost', 'The engine ended before the work began; it is being replaced. Try again.')
    }
    return engine.perform<Name>(work, limits).result
  }

  /** An engine for one statement, when it is its turn; it counts against its owner. */
  private async lease(
    statement: WorkLimits,
    { id: owner, limits: { statements = Number.POSITIVE_INFINITY } }: Owner,
  ): Promise<EngineProcess> {
    if (statement.signal?.aborted) throw cancelledBy(statement.signal, 'The statement was cancelled before it ran.')
    const held = this.held.get(owner) ?? 0
    if (held >= Math.min(this.limits.perOwnerMax, statements)) {
      throw new ServiceError('tooManyQueries', `${held} statements of this key run or wait already: try again when one has ended.`)
    }
    this.held.set(owner, held + 1)
    try {
      const engine = await this.take(statement, owner)
      statement.begun?.(engine.session)
      return engine
    } catch (error) {
      this.release(owner)
      throw error
    }
  }

  private returnAfter(ended: Promise<void>, engine: EngineProcess, owner: Owner): void {
    const over = ended.then(() => {
      this.over.delete(over)
      this.active -= 1
      this.release(owner.id)
      this.giveBack(engine)
    })
    this.over.add(over)
  }

  private release(owner: string): void {
    const rest = (this.held.get(owner) ?? 1) - 1
    if (rest > 0) this.held.set(owner, rest)
    else this.held.delete(owner)
  }

  /** Asks the catalog through an engine that has nothing to do; if all are at work, it was there when they got their statements.
   * @throws ServiceError */
  async ping(): Promise<void> {
    if (this.refusal) throw this.refusal
    if (this.all.size === 0) throw new ServiceError('engineNotReady', 'The engines are starting: try again in a second.')
    const engine = this.idle.pop()
    if (!engine) return
    try {
      await engine.ping()
    } finally {
      this.giveBack(engine)
    }
  }

  /** Lets running statements end within the drain time, then ends the engines. */
  async close(): Promise<void> {
    this.closed = true
    this.turns.refuseAll(new ServiceError('engineNotReady', 'The service is stopping.'))
    await Promise.race([Promise.all(this.over), sleep(drainTimeoutMs, undefined, { ref: false })])
    const ended = [...this.all].map(engine => engine.ended)
    for (const engine of this.all) engine.kill()
    await Promise.all(ended)
  }

  private take(limits: WorkLimits, owner: string): Promise<EngineProcess> {
    const { refusal } = this
    if (refusal) throw refusal
    const lane = (limits.short ?? limits.timeoutMs <= shortQueryMs) ? 'short' : 'long'
    const engine = this.mayRun(lane) ? this.idle.pop() : undefined
    if (engine) {
      this.active += 1
      return Promise.resolve(engine)
    }
    if (this.queued >= this.limits.queueMax)
      throw new ServiceError('tooManyQueries', `${this.queued} statements are waiting already: try again in a second.`)
    return this.turns.wait(lane, owner, limits)
  }

  private mayRun(lane: Lane): boolean {
    return this.active < this.limits.engines + (lane === 'short' ? this.limits.shortEngines : 0)
  }

  private giveBack(engine: EngineProcess): void {
    if (this.all.has(engine)) {
      if (engine.usable && !this.isWorn(engine)) this.idle.push(engine)
      else this.retire(engine, engine.usable ? 'recycled' : 'killed')
    }
    this.serve()
  }

  private retire(engine: EngineProcess, how: EndOfEngine): void {
    this.all.delete(engine)
    engine.kill()
    this.observer.ended(how)
    this.fill()
  }

  /** Gives idle engines to those that wait: short statements first, they have an engine of their own to lose. */
  private serve(): void {
    for (const lane of lanes) {
      while (this.idle.length > 0 && this.turns.waitIn(lane) && this.mayRun(lane)) {
        const engine = this.idle.pop()
        const take = engine && this.turns.next(lane)
        if (!engine || !take) return
        this.active += 1
        take(engine)
      }
    }
  }

  private isWorn({ statements, startedAt, rssMb, full }: EngineProcess): boolean {
    const { recycle } = this.limits
    return statements >= recycle.statements || performance.now() - startedAt >= recycle.ageMs || rssMb >= recycle.rssMb || full
  }

  /** Starts engines, one after the other, until there are as many as there should be. In the background: nobody's statement waits for
   * longer than the start takes. */
  private async fill(): Promise<void> {
    if (this.filling) return
    this.filling = true
    for (let wait = firstRetryMs; !this.closed && this.all.size < this.wanted; ) {
      if (await this.startOne()) wait = firstRetryMs
      else {
        await sleep(wait, undefined, { ref: false })
        wait = Math.min(wait * 2, lastRetryMs)
      }
    }
    this.filling = false
  }

  /** @returns whether it could. */
  private async startOne(early?: ChildProcess): Promise<boolean> {
    const started = performance.now()
    try {
      const engine = await EngineProcess.start(this.options, early)
      if (this.closed) engine.kill()
      else {
        this.failure = undefined
        this.failures = 0
        this.observer.started(performance.now() - started)
        this.adopt(engine)
      }
      return true
    } catch (error) {
      // While the service stops, so does what an engine needs for its start.
      if (this.closed) return false
      this.failure = withoutDetails(error)
      this.failures += 1
      this.observer.failed(error)
      // Those that wait already too: nobody else would tell them before their own deadline.
      if (this.refusal && this.failures >= maxFailures) this.turns.refuseAll(this.refusal)
      return false
    }
  }

  private adopt(engine: EngineProcess): void {
    this.all.add(engine)
    engine.ended.then(() => {
      const place = this.idle.indexOf(engine)
      if (place >= 0) this.idle.splice(place, 1)
      if (this.all.has(engine) && !this.closed) this.retire(engine, engine.killed ? 'killed' : 'lost')
    })
    this.idle.push(engine)
    this.serve()
  }
}

/** Codes whose sentence a caller may see; the rest is for the log. */
const shown: readonly ErrorCode[] = ['catalogUnavailable', 'catalogUnfit', 'storageUnavailable']

function withoutDetails(error: unknown): ServiceError {
  if (error instanceof ServiceError && shown.includes(error.code)) return error
  return new ServiceError('engineNotReady', 'No engine starts: the log says why.')
}
