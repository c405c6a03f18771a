import {
  countWaiting,
  type Delivery,
  leaveSending,
  noteDeliveries,
  takeSending,
  type WaitingEvent,
  waitingEvents,
} from '../store/lineage-outbox.ts'
import type { Store } from '../store/store.ts'
import type { EventSink } from './event-sink.ts'

/** Events that are read from the outbox at a time. */
const readMax = 100

/** How long one process alone may send; it stops in half of it. If it dies, another goes on after that. */
const sendingMs = 60_000

/** An event that the sink fails on, and that so often, is put aside: it must not hold up all others for ever. */
const triesMax = 20

/** How often the outbox is counted: with many in it that takes a while. */
const countEveryMs = 10_000

/** The first pause after a failure, and the longest. */
const firstPauseMs = 1_000
const longestPauseMs = 60_000

export interface SenderReports {
  sent(outcome: 'delivered' | 'parked' | 'failed', events: number): void
  /** Told of the first of several in a row. */
  failed(reason: string): void
}

/** Sends what is in the outbox to a sink, in the order in which it was stored. An event may come twice, if a process dies between its sending
 * and the note of it; none is lost. One that the sink refuses is put aside with its reason. */
export class EventSender {
  private readonly stopping = new AbortController()
  private failures = 0
  private counted = { waiting: 0, atMs: Number.NEGATIVE_INFINITY }

  constructor(
    private readonly store: Store,
    private readonly sink: EventSink,
    private readonly process: string,
    private readonly reports: SenderReports,
  ) {}

  /** Events in the outbox, as it was when this process last looked. */
  get waiting(): number {
    return this.counted.waiting
  }

  /** Sends some. @returns how long to wait until the next time. @throws ServiceError while PostgreSQL is away */
  async sendSome(): Promise<number> {
    const { ask } = this.store
    await this.count()
    if (this.waiting === 0 || !(await takeSending(ask, this.process, sendingMs))) return firstPauseMs
    const events = await waitingEvents(ask, readMax)
    if (events.length < readMax) this.counted = { waiting: events.length, atMs: performance.now() }
    const until = performance.now() + sendingMs / 2
    let went = true
    for (let at = 0; at < events.length && went && !this.stopping.signal.aborted && performance.now() < until; at += this.sink.batchMax)
      went = await this.deliver(events.slice(at, at + this.sink.batchMax))
    if (went) {
      this.failures = 0
      return events.length === readMax ? 0 : firstPauseMs
    }
    this.failures += 1
    // Not all processes and not all sinks at the same moment.
    return Math.min(firstPauseMs * 2 ** (this.failures - 1), longestPauseMs) * (0.5 + Math.random() / 2)
  }

  /** Ends a request that is under way. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await leaveSending(this.store.ask, this.process)
  }

  private async count(): Promise<void> {
    const now = performance.now()
    if (this.waiting > readMax && now - this.counted.atMs < countEveryMs) return
    this.counted = { waiting: await countWaiting(this.store.ask), atMs: now }
  }

  /** @returns false if they have to be sent again */
  private async deliver(events: readonly WaitingEvent[]): Promise<boolean> {
    const sent = await this.sink.send(
      events.map(({ event }) => event),
      this.stopping.signal,
    )
    if (sent.kind === 'delivered') return this.note(events.map(({ id }) => ({ id, delivery: 'delivered' })))
    // One of them is at fault: each alone tells which.
    if (events.length > 1 && sent.kind !== 'away') {
      for (const event of events) if (!(await this.deliver([event]))) return false
      return true
    }
    const parked = sent.kind === 'refused' || (sent.kind === 'failing' && events.every(({ tries }) => tries + 1 >= triesMax))
    if (parked) return this.note(events.map(({ id }) => ({ id, delivery: 'parked', fault: sent.reason })))
    this.reports.sent('failed', events.length)
    if (this.failures === 0) this.reports.failed(sent.reason)
    if (sent.kind === 'failing')
      await noteDeliveries(
        this.store.ask,
        events.map(({ id }) => ({ id, delivery: 'waiting', fault: sent.reason })),
      )
    return false
  }

  private async note(deliveries: readonly Delivery[]): Promise<true> {
    await noteDeliveries(this.store.ask, deliveries)
    const parked = deliveries.filter(({ delivery }) => delivery === 'parked').length
    if (parked > 0) this.reports.sent('parked', parked)
    if (deliveries.length > parked) this.reports.sent('delivered', deliveries.length - parked)
    return true
  }
}
