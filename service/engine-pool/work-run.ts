import { cancelledBy } from '../cancelled-by.ts'
import type { ReportOf, WorkName } from '../engine/works.ts'
import { type ErrorCode, ServiceError, type SqlPlace } from '../errors.ts'
import { interruptGraceMs } from '../settings.ts'

/** How long a work may take, and who may end it. */
export interface WorkLimits {
  readonly timeoutMs: number
  /** Aborted when nobody wants the work any more; with a ServiceError as its reason, that is the error. */
  readonly signal?: AbortSignal
  /** Is told which engine it has, by the name of its connections. */
  readonly begun?: ((session: string) => void) | undefined
  /** Whether it may have the engines that are kept for what is short; by default what allows itself little time may. */
  readonly short?: boolean
  /** Is told which engine does the work, by the name of its connections, before it begins; if it rejects the work is not done. */
  readonly assigned?: (session: string) => Promise<void>
}

/** A work that an engine began and did not end well. */
export class WorkError extends ServiceError {
  constructor(
    code: ErrorCode,
    detail: string,
    place: SqlPlace,
    /** `undone`: the lake is as before. `unknown`: the engine died or lost the catalog, perhaps after its commit. */
    readonly outcome: 'undone' | 'unknown',
    /** The name that the engine's connections have in PostgreSQL: as long as one is there, the commit may still come. */
    readonly session: string,
  ) {
    super(code, detail, place)
  }
}

/** One work's way through an engine: from the order to the report, the deadline, or the engine's end. */
export class WorkRun<Name extends WorkName> {
  /** Rejects with a WorkError. */
  readonly result: Promise<ReportOf<Name>>
  private readonly deadline: NodeJS.Timeout
  private kill: NodeJS.Timeout | undefined
  private stopped: ServiceError | undefined
  private answered = false
  private resolve!: (report: ReportOf<Name>) => void
  private reject!: (error: WorkError) => void

  constructor(
    private readonly limits: WorkLimits,
    private readonly engine: { readonly session: string; interrupt(): void; kill(): void },
  ) {
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.deadline = setTimeout(() => {
      this.stop(
        new ServiceError('queryTimeout', `The work was stopped after ${limits.timeoutMs} ms: make it smaller, or allow it more time.`),
      )
    }, limits.timeoutMs)
    limits.signal?.addEventListener('abort', this.cancel, { once: true })
  }

  reported(report: ReportOf<Name>): void {
    this.settle()
    this.resolve(report)
  }

  /** The engine says so, and is still there. */
  failed({ code, detail, place }: ServiceError): void {
    this.end(new WorkError(code, detail, place, code === 'outcomeUnknown' ? 'unknown' : 'undone', this.engine.session))
  }

  /** The engine has ended. */
  lost({ code, detail, place }: ServiceError): void {
    this.end(new WorkError(code, detail, place, 'unknown', this.engine.session))
  }

  private readonly cancel = () => {
    this.stop(cancelledBy(this.limits.signal, 'The work was cancelled.'))
  }

  private end(error: WorkError): void {
    if (this.answered) return
    this.settle()
    const { stopped } = this
    this.reject(stopped ? new WorkError(stopped.code, stopped.detail, stopped.place, error.outcome, error.session) : error)
  }

  /** Interrupts the work, and kills the engine if it does not notice. */
  private stop(reason: ServiceError): void {
    if (this.stopped || this.answered) return
    this.stopped = reason
    this.engine.interrupt()
    this.kill = setTimeout(() => {
      this.engine.kill()
      this.lost(reason)
    }, interruptGraceMs)
  }

  private settle(): void {
    this.answered = true
    clearTimeout(this.deadline)
    clearTimeout(this.kill)
    this.limits.signal?.removeEventListener('abort', this.cancel)
  }
}
