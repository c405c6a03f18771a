import { createHash } from 'node:crypto'
import type { TableName } from '../catalog/table-name.ts'
import { sameName } from '../engine/same-name.ts'
import type { ErrorCode } from '../errors.ts'
import type { Ask, Store } from './store.ts'

/** Why no message of a queue comes into its table. */
export interface Obstacle {
  readonly code: ErrorCode
  readonly detail: string
  readonly since: string
}

/** A queue and what is in it. Counts come as text, as all numbers of 64 bits do. */
export interface QueueState {
  readonly name: string
  readonly schema: string
  readonly table: string
  /** Messages that wait, with those that are on their way. */
  readonly depth: string
  readonly oldestAgeSeconds: number | null
  /** Messages that were put aside. */
  readonly dead: string
  readonly drainedCount: string
  readonly drainedAt: Date | null
  readonly obstacle: Obstacle | null
}

/** The channel of PostgreSQL's NOTIFY on which a queue's name says that messages have come. PGMQ's own trigger would change a row for each. */
export const wakeChannel = 'ducklake_queue'

/** Characters of the table's name in the queue's, for people who look into PostgreSQL. With the rest they stay below PGMQ's 47. */
const shownCharacters = 28

/** PGMQ's name of a table's queue: the same for names that DuckDB takes for the same. */
export function queueName({ schema, name }: TableName): string {
  const same = JSON.stringify([sameName(schema), sameName(name)])
  const shown = sameName(name).replace(/[^a-z0-9]+/g, '_')
  return `${shown.slice(0, shownCharacters)}_${createHash('sha256').update(same).digest('hex').slice(0, 10)}`
}

/** The queue of the messages that were put aside. */
export function deadName(queue: string): string {
  return `${queue}_dlq`
}

/** PGMQ's table of a queue, as SQL names it. @param queue made by queueName, so that it needs no quotes */
export function messagesOf(queue: string): string {
  return `pgmq.q_${queue}`
}

/** Whether this database has PGMQ. */
export async function hasPgmq(ask: Ask): Promise<boolean> {
  const [row] = await ask<{ there: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE nspname = 'pgmq' AND relname = 'meta') AS there`,
  )
  return row?.there === true
}

/** Makes the queue of a table if there is none. @returns PGMQ's name */
export async function makeQueue(store: Store, table: TableName): Promise<string> {
  const name = queueName(table)
  await store.transaction(async ask => {
    await ask('INSERT INTO app.queue (name, schema_name, table_name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      name,
      table.schema,
      table.name,
    ])
    // It makes nothing twice.
    await ask('SELECT pgmq.create($1), pgmq.create($2)', [name, deadName(name)])
  })
  return name
}

/** Puts rows into a queue, all or none, and wakes whoever drains it.
 * @param rows a JSON array: PostgreSQL takes it apart, because JavaScript's numbers would lose digits. @returns the messages' ids, in order */
export async function sendRows(ask: Ask, queue: string, rows: string): Promise<string[]> {
  const [sent] = await ask<{ ids: string[] }>(
    `WITH sent AS (
       SELECT id FROM pgmq.send_batch($1, ARRAY(SELECT sent FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS body(sent, n) ORDER BY n)) AS id
     )
     SELECT array_agg(id::text ORDER BY id) AS ids, pg_notify('${wakeChannel}', $1) FROM sent`,
    [queue, rows],
  )
  return sent?.ids ?? []
}

/** Messages in a queue. */
export async function queueDepth(ask: Ask, queue: string): Promise<number> {
  const [row] = await ask<{ depth: string }>('SELECT queue_length AS depth FROM pgmq.metrics($1)', [queue])
  return Number(row?.depth ?? 0)
}

/** All queues by name, or one. */
export async function listQueues(ask: Ask, only?: string): Promise<QueueState[]> {
  return ask<QueueState>(
    `SELECT q.name, schema_name AS schema, table_name AS table, live.queue_length AS depth,
       live.oldest_msg_age_sec AS "oldestAgeSeconds", dead.queue_length AS dead, drained_count AS "drainedCount",
       drained_at AS "drainedAt", obstacle
     FROM app.queue AS q, pgmq.metrics(q.name) AS live, pgmq.metrics(q.name || '_dlq') AS dead
     WHERE $1::text IS NULL OR q.name = $1 ORDER BY schema_name, table_name`,
    [only ?? null],
  )
}
