import { cancelledBy } from '../cancelled-by.ts'
import type { InlineResult, Output, ResultEnd, ResultHead, StatementText } from '../engine/messages.ts'
import { ServiceError } from '../errors.ts'
import { interruptGraceMs } from '../settings.ts'
import type { PipeReader } from './pipe-reader.ts'
import { openPipe, type ResultPipe, renewPipe } from './result-pipe.ts'

export interface Progress {
  /** From 0 to 100; missing where DuckDB does not know. */
  readonly percent?: number
  readonly rows: number
}

export interface Statement {
  readonly text: StatementText
  readonly output: Output
  readonly timeoutMs: number
  /** Aborted when nobody wants the result any more. */
  readonly signal?: AbortSignal
  /** Is told which engine it has, by the name of its connections. */
  readonly begun?: ((session: string) => void) | undefined
  readonly onProgress?: (progress: Progress) => void
}

/** A result: whole in `rows`, or coming in `bytes`. Never take `bytes` for complete before `end` has resolved. */
export interface EngineResult {
  readonly head: ResultHead
  /** A JSON array as text. */
  readonly rows?: string
  readonly bytes?: PipeReader
  /** Rejects with a ServiceError if the statement fails half-way; `bytes` is closed then. */
  readonly end: Promise<ResultEnd>
}

/** One statement's way through an engine, from the order to the last byte. */
export class StatementRun {
  /** Resolves with the first rows; rejects if there are none to come. */
  readonly result: Promise<EngineResult>
  /** Resolves when the engine has answered and the pipe is empty: then it may get another statement. */
  readonly over: Promise<void>
  private readonly end: Promise<ResultEnd>
  private pipe: ResultPipe | undefined
  private stopped: ServiceError | undefined
  private answered = false
  private readonly deadline: NodeJS.Timeout
  private kill: NodeJS.Timeout | undefined
  private resolveResult!: (result: EngineResult) => void
  private rejectResult!: (error: ServiceError) => void
  private resolveEnd!: (end: ResultEnd) => void
  private rejectEnd!: (error: ServiceError) => void
  private resolveOver!: () => void

  constructor(
    private readonly statement: Statement,
    private readonly engine: { readonly pipe: string; usable(): boolean; interrupt(): void; kill(): void },
  ) {
    this.result = new Promise((resolve, reject) => {
      this.resolveResult = resolve
      this.rejectResult = reject
    })
    this.end = new Promise((resolve, reject) => {
      this.resolveEnd = resolve
      this.rejectEnd = reject
    })
    this.over = new Promise(resolve => {
      this.resolveOver = resolve
    })
    // Whoever waits for the first rows hears of an error there.
    this.end.catch(() => {})
    const { timeoutMs, signal } = statement
    this.deadline = setTimeout(() => {
      const detail = `The statement was stopped after ${timeoutMs} ms: make it smaller, or allow it more time with timeoutMs.`
      this.stop(new ServiceError('queryTimeout', detail))
    }, timeoutMs)
    signal?.addEventListener('abort', this.cancel, { once: true })
  }

  /** The head is known and the rows are on their way. */
  started(head: ResultHead): void {
    // The message of an engine that has died can come after its death.
    if (this.statement.output.kind === 'file' || this.stopped || this.answered) return
    this.pipe = openPipe(this.engine.pipe, () => {
      this.statement.signal?.removeEventListener('abort', this.cancel)
      if (this.answered) this.leave()
      else this.stop(new ServiceError('queryCancelled', 'The caller has gone.'))
    })
    const { bytes } = this.pipe
    // Only now is it certain that there is a result: an error before the first byte has a status of its own.
    bytes.ready().then(
      () => this.resolveResult({ head, bytes, end: this.end }),
      // Whoever closed it says why.
      () => {},
    )
  }

  progressed(progress: Progress): void {
    this.statement.onProgress?.(progress)
  }

  finished(end: ResultEnd, inline?: InlineResult): void {
    this.settle()
    this.resolveEnd(end)
    if (this.pipe && !this.pipe.bytes.closed) this.pipe.finish()
    else if (this.pipe) this.leave()
    else {
      this.resolveResult({ head: inline?.head ?? { columns: [] }, ...(inline && { rows: inline.rows }), end: this.end })
      this.resolveOver()
    }
  }

  failed(error: ServiceError): void {
    this.settle()
    const reason = this.stopped ?? error
    this.rejectEnd(reason)
    this.rejectResult(reason)
    if (this.pipe && !this.pipe.bytes.closed) this.pipe.abandon(reason)
    else this.leave()
  }

  /** Gives the engine back, with a pipe in which nothing of this statement is. */
  private leave(): void {
    if (!this.pipe || this.pipe.bytes.drained || !this.engine.usable()) this.resolveOver()
    else
      renewPipe(this.engine.pipe)
        .catch(() => this.engine.kill())
        .then(this.resolveOver)
  }

  private readonly cancel = () => {
    const reason = cancelledBy(this.statement.signal, 'The statement was cancelled.')
    // It may have ended well, with rows in the pipe that nobody reads any more.
    if (this.answered) this.pipe?.abandon(reason)
    else this.stop(reason)
  }

  /** Interrupts the statement, and kills the engine if it does not notice: a hung read or one long call of a function do not. */
  private stop(reason: ServiceError): void {
    if (this.stopped || this.answered) return
    this.stopped = reason
    // First the pipe: a statement that waits for its reader notices nothing else.
    this.pipe?.abandon(reason)
    this.engine.interrupt()
    this.kill = setTimeout(() => {
      this.engine.kill()
      this.failed(reason)
    }, interruptGraceMs)
  }

  private settle(): void {
    this.answered = true
    clearTimeout(this.deadline)
    clearTimeout(this.kill)
  }
}
