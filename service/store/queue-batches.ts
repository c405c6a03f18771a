import type { TableName } from '../catalog/table-name.ts'
import { putAside, type Verdict } from './dead-letters.ts'
import { messagesOf, type Obstacle } from './queues.ts'
import { type Ask, jsonb, type Store } from './store.ts'

/** Messages that may be on their way into the table: written down before the first of them can be there. */
export interface Batch {
  /** The write's id, which is in the commit. */
  readonly write: string
  readonly ids: readonly string[]
  readonly startedAt: string
  /** The process that works on it, by its session in PostgreSQL. */
  readonly gateway: string
  /** The engine that writes it, likewise; absent as long as none does. */
  readonly engine?: string
}

/** A message as it is read. */
export interface Message {
  readonly id: string
  /** As text, because a number in it may have more digits than JavaScript's. */
  readonly row: string
  /** Deliveries, with this one. */
  readonly tries: number
}

export interface QueueRow extends TableName {
  readonly batch: Batch | null
  readonly obstacle: Obstacle | null
}

/** How long messages that were read stay hidden. Whoever goes on after a crash shows them again at once; this is for a database that
 * was restored without `app.queue`. */
const hiddenSeconds = 3_600

/** Messages of one read: a batch is read in so many parts that it is not larger in memory than it may be. */
const sliceMessages = 200

export async function findQueue(ask: Ask, queue: string): Promise<QueueRow | undefined> {
  const [row] = await ask<QueueRow>('SELECT schema_name AS schema, table_name AS name, batch, obstacle FROM app.queue WHERE name = $1', [
    queue,
  ])
  return row
}

/** Queues that have something to do: messages, or a batch that nobody has ended. */
export async function queuesWithWork(ask: Ask): Promise<string[]> {
  const queues = await ask<{ name: string; batch: boolean }>('SELECT name, batch IS NOT NULL AS batch FROM app.queue')
  const probes = queues.map(
    ({ name, batch }) =>
      `SELECT '${name}' AS name WHERE ${batch} OR EXISTS (SELECT FROM ${messagesOf(name)} WHERE vt <= clock_timestamp())`,
  )
  if (probes.length === 0) return []
  const found = await ask<{ name: string }>(probes.join(' UNION ALL '))
  return found.map(({ name }) => name)
}

/** Reads the next messages and notes that they are on their way, both or neither.
 * @returns them in the order in which they came; none if the queue is empty */
export async function takeBatch(
  store: Store,
  queue: string,
  { maxMessages, maxBytes, ...about }: { readonly maxMessages: number; readonly maxBytes: number } & Pick<Batch, 'write' | 'gateway'>,
): Promise<Message[]> {
  return store.transaction(async ask => {
    const messages: Message[] = []
    for (let [bytes, more] = [0, true]; more && messages.length < maxMessages && bytes < maxBytes; ) {
      const wanted = Math.min(sliceMessages, maxMessages - messages.length)
      const slice = await ask<Message>(
        'SELECT msg_id::text AS id, message::text AS row, read_ct AS tries FROM pgmq.read($1, $2, $3) ORDER BY msg_id',
        [queue, hiddenSeconds, wanted],
      )
      messages.push(...slice)
      bytes += slice.reduce((sum, { row }) => sum + row.length, 0)
      more = slice.length === wanted
    }
    const batch: Batch = { ...about, ids: messages.map(({ id }) => id), startedAt: new Date().toISOString() }
    if (messages.length > 0) await ask('UPDATE app.queue SET batch = $2 WHERE name = $1', [queue, jsonb(batch)])
    return messages
  })
}

/** Notes which engine works on the batch, before it begins. */
export async function noteEngine(ask: Ask, queue: string, write: string, engine: string): Promise<void> {
  await ask(`UPDATE app.queue SET batch = batch || jsonb_build_object('engine', $3::text) WHERE name = $1 AND batch ->> 'write' = $2`, [
    queue,
    write,
    engine,
  ])
}

/** The batch is in the table: its messages are needed no more, the commit has their ids.
 * @returns false if another process has ended the batch meanwhile */
export async function acknowledgeBatch(store: Store, queue: string, { write, ids }: Pick<Batch, 'write' | 'ids'>): Promise<boolean> {
  return store.transaction(async ask => {
    const ended = await ask(
      `UPDATE app.queue SET batch = NULL, obstacle = NULL, drained_at = now(), drained_count = drained_count + $3
       WHERE name = $1 AND batch ->> 'write' = $2 RETURNING name`,
      [queue, write, ids.length],
    )
    if (ended.length > 0) await ask('SELECT pgmq.delete($1, $2::bigint[])', [queue, ids])
    return ended.length > 0
  })
}

/** Nothing of the batch is in the table: its messages wait again, but for those that are put aside.
 * @returns false if another process has ended the batch meanwhile */
export async function returnBatch(
  store: Store,
  queue: string,
  { write, ids }: Pick<Batch, 'write' | 'ids'>,
  verdicts: ReadonlyMap<string, Verdict> = new Map(),
): Promise<boolean> {
  return store.transaction(async ask => {
    const ended = await ask(`UPDATE app.queue SET batch = NULL WHERE name = $1 AND batch ->> 'write' = $2 RETURNING name`, [queue, write])
    if (ended.length === 0) return false
    if (verdicts.size > 0) await putAside(ask, queue, verdicts)
    await ask('SELECT FROM pgmq.set_vt($1, $2::bigint[], 0)', [queue, ids.filter(id => !verdicts.has(id))])
    return true
  })
}

/** Notes why nothing comes into the table. */
export async function noteObstacle(ask: Ask, queue: string, obstacle: Obstacle): Promise<void> {
  await ask('UPDATE app.queue SET obstacle = $2 WHERE name = $1', [queue, jsonb(obstacle)])
}
