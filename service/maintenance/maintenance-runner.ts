import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Maintained } from '../engine/maintenance/maintain.ts'
import type { MaintenanceOrder, MaintenanceTask } from '../engine/maintenance/maintenance-order.ts'
import { addReports, type MaintenanceReport, nothing } from '../engine/maintenance/maintenance-report.ts'
import { type EngineOptions, EngineProcess } from '../engine-pool/engine-process.ts'
import { type ErrorCode, ServiceError } from '../errors.ts'
import type { Lineage } from '../lineage/lineage.ts'
import { keepPublished } from '../publish/keep-published.ts'
import { findPause } from '../store/maintenance-pause.ts'
import { endLostRuns, endRun, findRunning, insertRun, type RunOptions, type RunOutcome } from '../store/maintenance-runs.ts'
import { listKeptFiles } from '../store/publications.ts'
import type { Store } from '../store/store.ts'
import type { TableLocks } from '../writes/table-lock.ts'

/** Whoever wants to begin while another run is at work is told at once. */
const lockWaitMs = 500

/** How often it is tried to write down what came of a run while PostgreSQL is away. */
const retryEveryMs = 1_000

/** Tasks that take something away for good: a pause stops them. */
const removing: readonly MaintenanceTask[] = ['expire', 'clean-up', 'orphans']

/** Tasks that change tables, one after the other, each under its own lock. */
const ofTables: readonly MaintenanceTask[] = ['flush', 'compact', 'rewrite-deletes']

/** A table may be written to for so long before maintenance leaves it alone this time. */
const tableWaitMs = 30_000

/** What happens to one table and says nothing about the next. */
const ofOneTable: readonly ErrorCode[] = ['tableBusy', 'writeConflict', 'notFound']

export interface RunRequest {
  readonly task: MaintenanceTask
  readonly dryRun: boolean
  readonly options: RunOptions
  /** Who is answered for it: a key's id, or `schedule`. */
  readonly requestedBy: string
  readonly requestId: string
  /** Asked once the run would begin: false if there is nothing to do any more. */
  readonly wanted?: () => Promise<boolean>
}

/** What is told to whoever logs and counts. */
export interface RunObserver {
  ended(request: RunRequest, id: string, outcome: RunOutcome): void
  failed(error: unknown): void
}

interface RunnerParts {
  readonly store: Store
  readonly locks: TableLocks
  readonly lineage: Lineage
  readonly engine: EngineOptions
  readonly timeoutMs: number
  /** How long files stay that only older versions of a publication have. */
  readonly keepPublishedHours: () => number
}

/** Maintenance of the lake: one run at a time in all processes of the service, by an engine that is started for it. */
export class MaintenanceRunner {
  private readonly stopping = new AbortController()
  private present: { readonly id: string; readonly done: Promise<void> } | undefined

  constructor(
    private readonly parts: RunnerParts,
    private readonly observer: RunObserver,
  ) {}

  /** Begins a run, which goes on by itself. @returns its id, or nothing if it was not wanted any more
   * @throws ServiceError conflict that names the run which is at work, or the pause */
  async start(request: RunRequest): Promise<string | undefined> {
    const id = randomUUID()
    let begun: () => void = () => {}
    const begins = new Promise<boolean>(resolve => {
      begun = () => resolve(true)
    })
    const wait = { timeoutMs: lockWaitMs, signal: this.stopping.signal }
    const done = this.parts.locks.withMaintenance(wait, async signal => {
      if (!(await this.mayBegin(id, request))) return
      this.present = { id, done: done.catch(() => {}) }
      begun()
      await this.work(id, request, signal)
    })
    done.catch((error: unknown) => {
      if (!(error instanceof ServiceError)) this.observer.failed(error)
    })
    const began = await Promise.race([begins, done.then(() => false)]).catch(async (error: unknown) => {
      throw error instanceof ServiceError && error.code === 'tableBusy' ? await this.busy() : error
    })
    return began ? id : undefined
  }

  /** Resolves when the run has ended, or after that time; of one of another process it does not know the end. */
  async settled(id: string, waitMs: number): Promise<void> {
    const { present } = this
    await Promise.race([...(present?.id === id ? [present.done] : []), sleep(waitMs, undefined, { ref: false })])
  }

  /** Stops what is at work. */
  async close(): Promise<void> {
    this.stopping.abort(new ServiceError('engineNotReady', 'The service is stopping.'))
    await this.present?.done
  }

  /** The lock is ours. */
  private async mayBegin(id: string, { task, dryRun, options, requestedBy, wanted }: RunRequest): Promise<boolean> {
    const { ask } = this.parts.store
    await endLostRuns(ask)
    if (wanted && !(await wanted())) return false
    const pause = removing.includes(task) && !dryRun ? await findPause(ask) : undefined
    if (pause) throw new ServiceError('conflict', `Nothing may be removed until ${pause.until.toISOString()}: ${pause.reason}.`)
    await insertRun(ask, { id, task, dryRun, options, requestedBy })
    return true
  }

  private async busy(): Promise<ServiceError> {
    const run = await findRunning(this.parts.store.ask)
    const whose = run ? `the run ${run.id} (${run.task}, since ${run.startedAt.toISOString()})` : 'another run'
    return new ServiceError('conflict', `One run of maintenance at a time: ${whose} is at work. Try again when it has ended.`)
  }

  private async work(id: string, request: RunRequest, lost: AbortSignal): Promise<void> {
    const seen: { before?: Maintained; report: MaintenanceReport; after?: Maintained } = { report: nothing }
    const outcome = await this.perform(id, request, lost, seen).then(
      () => ({ state: 'succeeded' }) as const,
      (error: unknown) => this.outcomeOf(error),
    )
    const whole: RunOutcome = {
      ...outcome,
      report: seen.report,
      sizeBefore: seen.before?.size,
      sizeAfter: (seen.after ?? seen.before)?.size,
      snapshotId: seen.report.snapshotId,
    }
    while (!(await this.writeDown(id, whole)) && !this.stopping.signal.aborted) await sleep(retryEveryMs, undefined, { ref: false })
    this.observer.ended(request, id, whole)
  }

  private async writeDown(id: string, outcome: RunOutcome): Promise<boolean> {
    try {
      await endRun(this.parts.store.ask, id, outcome)
      return true
    } catch (error) {
      this.observer.failed(error)
      return !(error instanceof ServiceError)
    }
  }

  private outcomeOf(error: unknown): RunOutcome {
    if (!(error instanceof ServiceError)) this.observer.failed(error)
    const { code, detail } =
      error instanceof ServiceError ? error : new ServiceError('internal', 'The log has the details under the id of the run.')
    return { state: code === 'queryCancelled' ? 'cancelled' : 'failed', error: { code, detail } }
  }

  private async perform(
    id: string,
    request: RunRequest,
    lost: AbortSignal,
    seen: { before?: Maintained; report: MaintenanceReport; after?: Maintained },
  ): Promise<void> {
    const { task, dryRun, options } = request
    const order: MaintenanceOrder = { ...options, task, dryRun: true, run: id }
    const late = new AbortController()
    const detail = `The run was stopped after ${this.parts.timeoutMs} ms; the tables that were done by then stay so.`
    const deadline = setTimeout(() => late.abort(new ServiceError('queryTimeout', detail)), this.parts.timeoutMs)
    const engine = await EngineProcess.start(this.parts.engine)
    const ask = (wanted: MaintenanceOrder, signal: AbortSignal) =>
      engine.perform({ name: 'maintain', order: wanted }, { timeoutMs: this.parts.timeoutMs, signal }).result
    try {
      const signal = AbortSignal.any([lost, late.signal])
      const kept = task === 'clean-up' ? await listKeptFiles(this.parts.store.ask, this.parts.keepPublishedHours()) : []
      // A dry run must leave their dates alone, and counts as if it had not.
      if (!dryRun) await keepPublished(this.parts.engine.lake.catalog, kept)
      seen.before = await ask({ ...order, keptFiles: kept }, signal)
      if (dryRun) seen.report = withoutSize(seen.before)
      else if (ofTables.includes(task)) await this.changeTables(seen.before.tables, request, signal, seen, order, ask)
      else await this.changeLake(request, seen, () => ask({ ...order, dryRun: false }, signal))
    } finally {
      clearTimeout(deadline)
      engine.kill()
    }
  }

  /** No table has another content after it: the lineage has the run alone. */
  private async changeLake(
    { task, requestId, requestedBy: keyId }: RunRequest,
    seen: { report: MaintenanceReport; after?: Maintained },
    change: () => Promise<Maintained>,
  ): Promise<void> {
    const told = this.parts.lineage.begin({ job: { kind: task, name: task }, inputs: [], requestId, keyId })
    try {
      seen.after = await change()
      seen.report = withoutSize(seen.after)
      told.complete({ snapshotId: seen.after.snapshotId })
    } catch (error) {
      told.fail(error)
      throw error
    }
  }

  /** One table that others hold does not keep the rest from their turn. */
  private async changeTables(
    tables: MaintenanceReport['tables'],
    request: RunRequest,
    signal: AbortSignal,
    seen: { report: MaintenanceReport; after?: Maintained },
    order: MaintenanceOrder,
    ask: (order: MaintenanceOrder, signal: AbortSignal) => Promise<Maintained>,
  ): Promise<void> {
    let passedOver: ServiceError | undefined
    for (const table of tables) {
      const dataset = { schema: table.schema, table: table.name }
      const { requestId, requestedBy: keyId } = request
      const told = this.parts.lineage.begin({ job: { kind: request.task }, inputs: [dataset], outputs: [dataset], requestId, keyId })
      try {
        const wait = { timeoutMs: tableWaitMs, signal }
        const done = await this.parts.locks.withTable(table, 'exclusive', wait, locked => ask({ ...order, table, dryRun: false }, locked))
        seen.after = done
        seen.report = addReports(seen.report, withoutSize(done))
        told.complete({ snapshotId: done.snapshotId, bytes: done.created.bytes })
      } catch (error) {
        told.fail(error)
        if (!(error instanceof ServiceError && ofOneTable.includes(error.code))) throw error
        passedOver ??= error
      }
    }
    if (passedOver) throw passedOver
  }
}

function withoutSize({ size: _, ...report }: Maintained): MaintenanceReport {
  return report
}
