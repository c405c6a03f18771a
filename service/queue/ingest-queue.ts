import { DatabaseError } from 'pg'
import type { TableName } from '../catalog/table-name.ts'
import { ServiceError } from '../errors.ts'
import { hasPgmq, makeQueue, queueDepth, queueName, sendRows } from '../store/queues.ts'
import type { Store } from '../store/store.ts'

export interface QueueLimits {
  readonly messageMaxBytes: number
  readonly sendMaxBytes: number
  readonly sendMaxMessages: number
  /** Messages that may wait for one table. */
  readonly maxDepth: number
}

/** How long the depth of a queue is taken as it was counted: PostgreSQL counts by looking at each message. */
const depthKnownMs = 1_000

/** How long PGMQ is taken for being there: somebody may remove it, or restore the database from before. */
const seenMs = 5_000

/** Classes of PostgreSQL's codes for a text that it cannot make jsonb of. */
const unfitText = /^(22|54)/

/** The queues at their entrance: rows go into PGMQ and wait there for their table. */
export class IngestQueue {
  private readonly made = new Set<string>()
  private readonly depths = new Map<string, { depth: number; readonly countedAtMs: number }>()
  /** When it was last seen that PostgreSQL has PGMQ. */
  private seenAtMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly store: Store,
    readonly limits: QueueLimits,
  ) {}

  /** @throws ServiceError queueUnavailable on a lake without PGMQ */
  async assertThere(): Promise<void> {
    if (performance.now() - this.seenAtMs < seenMs) return
    if (await hasPgmq(this.store.ask)) {
      this.seenAtMs = performance.now()
      return
    }
    throw new ServiceError(
      'queueUnavailable',
      'This lake has no ingest queue, because its PostgreSQL has no PGMQ: run "npm run migrate" where pip can reach a package index, or install the extension pgmq on the server first.',
    )
  }

  /** Puts rows into the queue of a table, all or none. @param rows a JSON array of `count` objects. @returns the messages' ids, in order
   * @throws ServiceError queueFull, invalidRequest, queueUnavailable */
  async send(table: TableName, rows: string, count: number): Promise<readonly string[]> {
    await this.assertThere()
    const name = queueName(table)
    if (!this.made.has(name)) {
      await makeQueue(this.store, table)
      this.made.add(name)
    }
    const counted = await this.depthOf(name)
    if (counted.depth + count > this.limits.maxDepth) {
      const detail = `About ${counted.depth} messages wait for ${table.schema}.${table.name}, at most ${this.limits.maxDepth} may: send it again later.`
      throw new ServiceError('queueFull', detail)
    }
    try {
      const ids = await sendRows(this.store.ask, name, rows)
      counted.depth += count
      return ids
    } catch (error) {
      // Somebody may have removed it, or restored the database from before.
      this.made.delete(name)
      this.seenAtMs = Number.NEGATIVE_INFINITY
      if (error instanceof DatabaseError && unfitText.test(error.code ?? ''))
        throw new ServiceError('invalidRequest', `PostgreSQL cannot keep the rows: ${error.message}.`)
      throw error
    }
  }

  private async depthOf(name: string): Promise<{ depth: number }> {
    const known = this.depths.get(name)
    if (known && performance.now() - known.countedAtMs < depthKnownMs) return known
    const counted = { depth: await queueDepth(this.store.ask, name), countedAtMs: performance.now() }
    this.depths.set(name, counted)
    return counted
  }
}
