import { randomUUID } from 'node:crypto'
import type { EnginePool } from '../engine-pool/engine-pool.ts'
import type { Verdict } from '../store/dead-letters.ts'
import {
  acknowledgeBatch,
  type Batch,
  findQueue,
  type Message,
  noteEngine,
  noteObstacle,
  type QueueRow,
  returnBatch,
  takeBatch,
} from '../store/queue-batches.ts'
import type { Store } from '../store/store.ts'
import { appendBatch, type BatchWriter, queueOwner } from './append-batch.ts'
import { outcomeOf } from './batch-outcome.ts'
import { type Failure, failureOf } from './failure.ts'
import type { QueuedTable, TableColumns } from './table-columns.ts'
import { lostVerdicts, verdictsOf } from './verdicts.ts'

/** What draining needs of the service. */
export interface DrainParts extends BatchWriter {
  readonly store: Store
  readonly engines: EnginePool
  readonly tables: TableColumns
  /** This process, by its session in PostgreSQL. */
  readonly gateway: string
  /** Messages that become one commit at most. */
  readonly batchMessages: () => number
  /** How often a message is tried that perhaps needs more than there is. */
  readonly maxTries: () => number
  /** Whether the service is leaving: what fails then says nothing of the queue. */
  readonly leaving: () => boolean
}

export interface DrainObserver {
  readonly drained: (table: string, messages: number) => void
  readonly putAside: (table: string, messages: number) => void
  readonly blocked: (table: string, failure: Failure) => void
}

/** Bytes of a batch: it is held in memory and written to a file for the engine. */
const batchMaxBytes = 16 * 1_048_576

/** What came of one step: nothing waits; all that waited was taken; more may wait; something is in the way. */
export type Step = 'empty' | 'drained' | 'more' | 'blocked'

/** Drains one queue, batch by batch, as long as this process has the right to. */
export class QueueDrain {
  /** Messages of the next batch at most: fewer after one that failed, until the message is found that makes it fail. */
  private limit = Number.POSITIVE_INFINITY
  /** As metrics and the log call it. */
  private table = ''

  constructor(
    private readonly queue: string,
    private readonly parts: DrainParts,
    private readonly observer: DrainObserver,
  ) {}

  /** Takes the next batch to the table. @throws ServiceError if PostgreSQL does not answer */
  async step(signal: AbortSignal): Promise<Step> {
    const { store, tables, gateway, batchMessages } = this.parts
    const row = await findQueue(store.ask, this.queue)
    if (!row) return 'empty'
    this.table = `${row.schema}.${row.name}`
    try {
      if (row.batch) await this.settle(row.batch)
      // As it is now: a field that the table has no column for any more must not get lost.
      const table = await tables.anew(row, queueOwner)
      const maxMessages = Math.min(this.limit, batchMessages())
      const write = randomUUID()
      const messages = await takeBatch(store, this.queue, { write, gateway, maxMessages, maxBytes: batchMaxBytes })
      if (messages.length === 0) return 'empty'
      const done = await this.append(row, table, write, messages, signal)
      return done && messages.length < maxMessages ? 'drained' : 'more'
    } catch (error) {
      return this.blocked(row, failureOf(error))
    }
  }

  /** @returns whether all of the batch is in the table. @throws ServiceError if what is in the way is no message of the batch */
  private async append(
    row: QueueRow,
    table: QueuedTable,
    write: string,
    messages: readonly Message[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { store } = this.parts
    const batch = { write, ids: messages.map(({ id }) => id) }
    const verdicts = verdictsOf(messages, table)
    if (verdicts.size > 0) {
      await this.putAside(batch, verdicts)
      return false
    }
    try {
      const assigned = (engine: string) => noteEngine(store.ask, this.queue, write, engine)
      await appendBatch(this.parts, { id: write, table, queue: this.queue, messages, signal, assigned })
    } catch (error) {
      // It stays noted, for the next step to find out.
      if (failureOf(error).kind === 'unknown') throw error
      await this.undone(row, batch, messages, error)
      return false
    }
    if (await acknowledgeBatch(store, this.queue, batch)) this.observer.drained(this.table, messages.length)
    this.limit *= 2
    return true
  }

  /** Nothing of the batch is in the table: finds out which messages are at fault, or makes the next batch smaller until it is one.
   * @throws the error, or ServiceError notFound, if it is none */
  private async undone(row: QueueRow, batch: Pick<Batch, 'write' | 'ids'>, messages: readonly Message[], error: unknown): Promise<void> {
    const { store, tables, maxTries } = this.parts
    const { kind, code, detail } = failureOf(error)
    const verdicts = new Map<string, Verdict>()
    let fault = kind === 'data' ? undefined : error
    if (kind === 'data') {
      // It may have been altered or dropped since the last look.
      const changed = await tables.anew(row, queueOwner).catch((reason: unknown) => {
        fault = reason
      })
      if (changed) for (const [id, verdict] of verdictsOf(messages, changed)) verdicts.set(id, verdict)
    }
    const [only] = messages
    const condemned = kind === 'data' ? !fault : kind === 'costly' && (only?.tries ?? 0) >= maxTries()
    if (verdicts.size === 0 && condemned && only && messages.length === 1) verdicts.set(only.id, { code, reason: detail })
    if (verdicts.size > 0) return this.putAside(batch, verdicts)
    if (kind === 'data' || kind === 'costly') this.limit = Math.max(1, Math.floor(messages.length / 2))
    await returnBatch(store, this.queue, batch)
    if (fault) throw fault
  }

  private async settle(batch: Batch): Promise<void> {
    const { store, engines } = this.parts
    switch (await outcomeOf(store.ask, engines, batch)) {
      case 'committed':
        if (await acknowledgeBatch(store, this.queue, batch)) this.observer.drained(this.table, batch.ids.length)
        break
      case 'undone':
        await returnBatch(store, this.queue, batch)
        break
      case 'lost':
        await this.putAside(batch, lostVerdicts(batch))
    }
  }

  private async putAside(batch: Pick<Batch, 'write' | 'ids'>, verdicts: ReadonlyMap<string, Verdict>): Promise<void> {
    if (await returnBatch(this.parts.store, this.queue, batch, verdicts)) this.observer.putAside(this.table, verdicts.size)
  }

  private async blocked({ obstacle, schema, name }: QueueRow, failure: Failure): Promise<Step> {
    const { code } = failure
    const detail = code === 'notFound' ? `There is no table ${schema}.${name}: its messages wait until there is one again.` : failure.detail
    const since = obstacle?.code === code ? obstacle.since : new Date().toISOString()
    this.observer.blocked(this.table, failure)
    if (!this.parts.leaving()) await noteObstacle(this.parts.store.ask, this.queue, { code, detail, since })
    return 'blocked'
  }
}
