import type { ChildProcess } from 'node:child_process'
import type { LakeConnection } from '../catalog/lake-connection.ts'
import type { EngineLimits } from '../config.ts'
import type { EngineAnswer, EngineRequest } from '../engine/messages.ts'
import { ServiceError } from '../errors.ts'
import { engineStartTimeoutMs, interruptGraceMs } from '../settings.ts'
import { startChild } from '../start-child.ts'

/** What an engine is started with. */
export interface EngineOptions {
  readonly lake: LakeConnection
  readonly limits: EngineLimits
  readonly spillDir: string
}

export interface Statement {
  readonly sql: string
  readonly maxRows: number
  readonly timeoutMs: number
  readonly queryId: string
  /** Aborted when the caller has gone. */
  readonly signal?: AbortSignal
}

type Outcome = (answer: string | ServiceError) => void

/** The gateway's side of one engine. It takes one request at a time. */
export class EngineProcess {
  readonly ended: Promise<void>
  private readonly child: ChildProcess
  private waiting: { readonly id: number; readonly settle: Outcome } | undefined
  private present: Promise<unknown> = Promise.resolve()
  private lastId = 0

  /** @throws Error if the engine does not get as far as having the lake attached. */
  static async start(options: EngineOptions): Promise<EngineProcess> {
    const child = startChild(new URL('../engine/engine.ts', import.meta.url), {
      dataLimitMb: options.limits.dataLimitMb,
      threads: options.limits.threads + 8,
    })
    const late = setTimeout(() => child.kill('SIGKILL'), engineStartTimeoutMs)
    try {
      await new Promise<void>((resolve, reject) => {
        child.once('message', (answer: EngineAnswer) =>
          answer.kind === 'ready' ? resolve() : reject(new Error(answer.kind === 'broken' ? answer.reason : answer.kind)),
        )
        child
          .once('error', reject)
          .once('exit', (code, signal) => reject(new Error(`the engine ended with ${signal ?? code} while it attached the lake`)))
        child.send({ kind: 'attach', ...options } satisfies EngineRequest)
      })
      return new EngineProcess(child)
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    } finally {
      clearTimeout(late)
    }
  }

  private constructor(child: ChildProcess) {
    this.child = child
    this.ended = new Promise(resolve => child.once('exit', () => resolve()))
    child.on('message', (answer: EngineAnswer) => this.take(answer))
    child.once('exit', () =>
      this.settle(
        new ServiceError(
          'engineLost',
          'The engine ended while the statement ran; it is being replaced. Try again, with a smaller statement if this one is large.',
        ),
      ),
    )
  }

  /** @returns the body of the answer, as JSON text. @throws ServiceError. After `timeoutMs` the statement is interrupted, and the engine killed
   * if it does not notice: a hung read or one long call of a function do not. */
  async query({ timeoutMs, signal, ...query }: Statement): Promise<string> {
    const timedOut = new ServiceError(
      'queryTimeout',
      `The statement was stopped after ${timeoutMs} ms: make it smaller, or allow it more time with timeoutMs.`,
    )
    let kill: NodeJS.Timeout | undefined
    const interrupt = () => {
      this.send({ kind: 'interrupt' })
      kill = setTimeout(() => {
        this.settle(timedOut)
        this.kill()
      }, interruptGraceMs)
    }
    const deadline = setTimeout(interrupt, timeoutMs)
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      return await this.ask(id => ({ kind: 'query', id, ...query }))
    } catch (error) {
      throw error instanceof ServiceError && error.code === 'queryTimeout' ? timedOut : error
    } finally {
      clearTimeout(deadline)
      clearTimeout(kill)
      signal?.removeEventListener('abort', interrupt)
    }
  }

  /** Reads the catalog's newest snapshot. @throws ServiceError */
  async ping(): Promise<void> {
    await this.ask(id => ({ kind: 'ping', id }))
  }

  /** Resolves when the present statement, if there is one, is answered. */
  async idle(): Promise<void> {
    await this.present.catch(() => {})
  }

  /** Whether it may get another statement; one that was killed still has a moment to live. */
  get usable(): boolean {
    return this.child.connected && !this.child.killed
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  private ask(request: (id: number) => EngineRequest): Promise<string> {
    this.lastId += 1
    const id = this.lastId
    const answer = new Promise<string>((resolve, reject) => {
      this.waiting = { id, settle: answer => (typeof answer === 'string' ? resolve(answer) : reject(answer)) }
      this.send(request(id))
    })
    this.present = answer
    return answer
  }

  private send(request: EngineRequest): void {
    if (this.child.connected) this.child.send(request)
  }

  private take(answer: EngineAnswer): void {
    if (answer.kind === 'result' && answer.id === this.waiting?.id) this.settle(answer.body)
    if (answer.kind === 'error' && answer.id === this.waiting?.id) this.settle(new ServiceError(answer.code, answer.detail, answer))
  }

  private settle(answer: string | ServiceError): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.settle(answer)
  }
}
