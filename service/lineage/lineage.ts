import { randomUUID } from 'node:crypto'
import { ServiceError } from '../errors.ts'
import { type NewEvent, type Origin, storeEvents } from '../store/lineage-events.ts'
import type { Store } from '../store/store.ts'
import { describeRun, type RunMoment } from './describe-run.ts'
import type { LineageRun, RunEnd, RunStart } from './lineage-run.ts'
import type { TerminalType } from './run-event.ts'

/** Events that wait for PostgreSQL. */
const maxWaiting = 10_000

/** The same in letters of their statements, which are most of them. */
const maxWaitingLetters = 32_000_000

/** Events of one transaction. */
const bunchMax = 500

/** A run that goes on is looked after: its process says so now and then, and says what became of it. */
export interface LineageReports {
  lost(events: number): void
  failed(error: unknown): void
}

/** What the service tells of its own runs. Events wait in memory for a moment and are stored in bunches, so that nobody waits for them; while
 * PostgreSQL is away they wait longer, and runs that begin when too many wait are lost as a whole, and counted. */
export class Lineage {
  private waiting: RunMoment[] = []
  private waitingLetters = 0
  private flushing: Promise<void> = Promise.resolve()
  private scheduled = false

  constructor(
    private readonly store: Store,
    /** Resolves when PostgreSQL has told it. */
    private readonly namespace: () => Promise<string>,
    private readonly send: boolean,
    private readonly reports: LineageReports,
    /** The id of this process. */
    readonly process: string = randomUUID(),
  ) {}

  get buffered(): number {
    return this.waiting.length
  }

  begin(start: RunStart): LineageRun {
    const id = randomUUID()
    const { length = 0 } = start.sql ?? ''
    if (this.waiting.length >= maxWaiting || this.waitingLetters + length > maxWaitingLetters) {
      this.reports.lost(2)
      return { id, complete() {}, fail() {}, abort() {} }
    }
    const startedAt = start.startedAt ?? new Date()
    this.add({ runId: id, type: 'START', at: startedAt, start })
    let ended = false
    const end = (type: TerminalType, more: { end?: RunEnd; error?: unknown } = {}) => {
      if (ended) return
      ended = true
      // Never before its start, whatever the clock does.
      const at = new Date(Math.max(Date.now(), startedAt.getTime()))
      this.add({ runId: id, type, at, start, ...more })
    }
    return {
      id,
      complete: (told = {}) => end('COMPLETE', { end: told }),
      fail: error => (isCancellation(error) ? end('ABORT') : end('FAIL', { error })),
      abort: () => end('ABORT'),
    }
  }

  /** Stores what waits. @returns when everything that waited is stored, or PostgreSQL did not take it */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.flushAll())
    return this.flushing
  }

  private add(moment: RunMoment): void {
    this.waiting.push(moment)
    this.waitingLetters += moment.start.sql?.length ?? 0
    if (this.scheduled) return
    this.scheduled = true
    // What comes in the same turn of the loop goes along; while a bunch is being stored the next one gathers.
    setImmediate(() => this.flush())
  }

  private async flushAll(): Promise<void> {
    this.scheduled = false
    while (this.waiting.length > 0) {
      const bunch = this.waiting.slice(0, bunchMax)
      try {
        const origin = { lakeNamespace: await this.namespace(), process: this.process, send: this.send }
        await this.storeBunch(
          bunch.map(moment => newEvent(moment, origin.lakeNamespace)),
          origin,
        )
      } catch (error) {
        this.reports.failed(error)
        return
      }
      this.waiting = this.waiting.slice(bunch.length)
      this.waitingLetters -= bunch.reduce((sum, { start }) => sum + (start.sql?.length ?? 0), 0)
    }
  }

  /** @throws ServiceError while PostgreSQL is away. What it refuses otherwise it will refuse again: that event is lost, and no other. */
  private async storeBunch(events: readonly NewEvent[], origin: Origin): Promise<void> {
    try {
      await storeEvents(this.store, events, origin)
    } catch (error) {
      if (error instanceof ServiceError) throw error
      if (events.length > 1) {
        for (const event of events) await this.storeBunch([event], origin)
        return
      }
      this.reports.lost(1)
      this.reports.failed(error)
    }
  }
}

function newEvent(moment: RunMoment, namespace: string): NewEvent {
  const { requestId, keyId, writeId } = moment.start
  return { event: describeRun(moment, namespace), snapshotId: moment.end?.snapshotId, requestId, keyId, writeId }
}

function isCancellation(error: unknown): boolean {
  if (error instanceof ServiceError) return error.code === 'queryCancelled'
  return error instanceof DOMException && error.name === 'AbortError'
}
