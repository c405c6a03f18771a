import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../errors.ts'
import { drainTimeoutMs, readinessTimeoutMs } from '../settings.ts'
import { type EngineOptions, EngineProcess, type Statement } from './engine-process.ts'

/** How long to wait before an engine that did not start is tried again; it doubles up to the second. */
const firstRetryMs = 200
const lastRetryMs = 5_000

interface Waiter {
  readonly take: (engine: EngineProcess) => void
  readonly refuse: (reason: unknown) => void
}

/** Hands statements to engines, one each at a time, and replaces engines that end. Statements wait in a bounded queue, first come first served. */
export class EnginePool {
  private readonly idle: EngineProcess[] = []
  private readonly all = new Set<EngineProcess>()
  private readonly waiting: Waiter[] = []
  private closed = false

  constructor(
    private readonly options: EngineOptions & { readonly engines: number; readonly queueMax: number },
    private readonly report: (error: unknown) => void,
  ) {}

  /** Starts the engines. @throws Error if the first does not start. */
  async open(): Promise<void> {
    this.adopt(await EngineProcess.start(this.options))
    for (let engine = 1; engine < this.options.engines; engine += 1) this.replace()
  }

  /** @returns the body of the answer as JSON text. @throws ServiceError */
  async query(statement: Statement): Promise<string> {
    const engine = await this.take(statement.signal)
    try {
      return await engine.query(statement)
    } finally {
      this.giveBack(engine)
    }
  }

  /** Whether a statement would find an engine and the catalog now. An engine at work is taken as ready: it was when it got the statement. */
  async ready(): Promise<void> {
    if (this.all.size === 0) throw new ServiceError('engineNotReady', 'The engine is starting: try again in a second.')
    const engine = this.idle.pop()
    if (!engine) return
    const late = sleep(readinessTimeoutMs, undefined, { ref: false }).then(() => {
      engine.kill()
      throw new ServiceError('catalogUnavailable', `The catalog did not answer within ${readinessTimeoutMs} ms.`)
    })
    try {
      await Promise.race([engine.ping(), late])
    } finally {
      this.giveBack(engine)
    }
  }

  /** Lets running statements end within the drain time, then ends the engines. */
  async close(): Promise<void> {
    this.closed = true
    for (const waiter of this.waiting.splice(0)) waiter.refuse(new ServiceError('engineNotReady', 'The service is stopping.'))
    const busy = [...this.all].filter(engine => !this.idle.includes(engine)).map(engine => engine.idle())
    await Promise.race([Promise.all(busy), sleep(drainTimeoutMs, undefined, { ref: false })])
    const ended = [...this.all].map(engine => engine.ended)
    for (const engine of this.all) engine.kill()
    await Promise.all(ended)
  }

  private take(signal?: AbortSignal): Promise<EngineProcess> {
    const engine = this.idle.pop()
    if (engine) return Promise.resolve(engine)
    if (this.closed) throw new ServiceError('engineNotReady', 'The service is stopping.')
    if (this.waiting.length >= this.options.queueMax) {
      throw new ServiceError('tooManyQueries', `${this.waiting.length} statements are waiting already: try again in a second.`)
    }
    return new Promise((take, refuse) => {
      const waiter = { take, refuse }
      this.waiting.push(waiter)
      signal?.addEventListener('abort', () => {
        const place = this.waiting.indexOf(waiter)
        if (place >= 0) this.waiting.splice(place, 1)
        refuse(new ServiceError('engineNotReady', 'The caller has gone.'))
      })
    })
  }

  private giveBack(engine: EngineProcess): void {
    if (!this.all.has(engine) || !engine.usable) return
    const next = this.waiting.shift()
    if (next) next.take(engine)
    else this.idle.push(engine)
  }

  private adopt(engine: EngineProcess): void {
    this.all.add(engine)
    engine.ended.then(() => {
      this.all.delete(engine)
      if (!this.closed) this.report(new Error('an engine ended and is being replaced'))
      const place = this.idle.indexOf(engine)
      if (place >= 0) this.idle.splice(place, 1)
      this.replace()
    })
    this.giveBack(engine)
  }

  /** In the background: nobody's statement waits for longer than the start takes. */
  private async replace(): Promise<void> {
    for (let wait = firstRetryMs; !this.closed; wait = Math.min(wait * 2, lastRetryMs)) {
      try {
        const engine = await EngineProcess.start(this.options)
        if (this.closed) engine.kill()
        else this.adopt(engine)
        return
      } catch (error) {
        this.report(error)
        await sleep(wait, undefined, { ref: false })
      }
    }
  }
}
