import type { ErrorCode } from '../errors.ts'
import { deadName, messagesOf, wakeChannel } from './queues.ts'
import type { Ask } from './store.ts'

/** Why a message was put aside. */
export interface Verdict {
  readonly code: ErrorCode
  readonly reason: string
  readonly column?: string | undefined
}

/** A message that was put aside. */
export interface DeadLetter {
  readonly id: string
  /** As text, because a number in it may have more digits than JavaScript's. */
  readonly row: string
  readonly code: string
  readonly reason: string
  readonly column: string | null
  readonly tries: number
  /** When it came into the queue the first time. */
  readonly queuedAt: string
  readonly diedAt: string
}

const columns = `msg_id AS id, message::text AS row, headers ->> 'code' AS code, headers ->> 'reason' AS reason, headers ->> 'column' AS column,
  (headers -> 'tries')::int AS tries, headers ->> 'queuedAt' AS "queuedAt", headers ->> 'diedAt' AS "diedAt"`

/** The text of a time, the same wherever it was written. */
const iso = (time: string) => `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Oldest first. @param after the last id of the page before */
export async function listDead(ask: Ask, queue: string, limit: number, after: string | undefined): Promise<DeadLetter[]> {
  return ask<DeadLetter>(`SELECT ${columns} FROM ${messagesOf(deadName(queue))} WHERE msg_id > $1 ORDER BY msg_id LIMIT $2`, [
    after ?? '0',
    limit,
  ])
}

/** Puts messages aside, with what is wrong with each. Run it in a transaction with what else becomes of them.
 * @param verdicts by the message's id. @returns how many there were */
export async function putAside(ask: Ask, queue: string, verdicts: ReadonlyMap<string, Verdict>): Promise<number> {
  const rows = await ask(
    `WITH gone AS (
       DELETE FROM ${messagesOf(queue)} AS q USING unnest($1::bigint[], $2::jsonb[]) AS bad(id, verdict) WHERE q.msg_id = bad.id
       RETURNING q.msg_id, message, verdict || jsonb_build_object(
         'tries', read_ct + coalesce((headers -> 'tries')::int, 0),
         'queuedAt', coalesce(headers ->> 'queuedAt', ${iso('enqueued_at')}),
         'diedAt', ${iso('clock_timestamp()')}) AS about
     ), kept AS (SELECT array_agg(message ORDER BY msg_id) AS messages, array_agg(about ORDER BY msg_id) AS abouts FROM gone HAVING count(*) > 0)
     SELECT pgmq.send_batch($3, messages, abouts) FROM kept`,
    [[...verdicts.keys()], [...verdicts.values()].map(verdict => JSON.stringify(verdict)), deadName(queue)],
  )
  return rows.length
}

/** Lets messages that were put aside wait for the table again. @param ids all of them if missing. @returns how many there were */
export async function replayDead(ask: Ask, queue: string, ids: readonly string[] | undefined): Promise<number> {
  const [row] = await ask<{ count: string }>(
    `WITH back AS (
       DELETE FROM ${messagesOf(deadName(queue))} WHERE $1::bigint[] IS NULL OR msg_id = ANY ($1) RETURNING msg_id, message, headers
     ), sent AS (
       SELECT pgmq.send_batch($2, array_agg(message ORDER BY msg_id),
         array_agg(jsonb_build_object('tries', headers -> 'tries', 'queuedAt', headers -> 'queuedAt') ORDER BY msg_id))
       FROM back HAVING count(*) > 0
     )
     SELECT count(*) AS count, pg_notify('${wakeChannel}', $2) FROM sent`,
    [ids ?? null, queue],
  )
  return Number(row?.count ?? 0)
}

/** Forgets messages that were put aside. @param ids all of them if missing. @returns how many there were */
export async function removeDead(ask: Ask, queue: string, ids: readonly string[] | undefined): Promise<number> {
  const [row] = await ask<{ count: string }>(
    `WITH gone AS (DELETE FROM ${messagesOf(deadName(queue))} WHERE $1::bigint[] IS NULL OR msg_id = ANY ($1) RETURNING msg_id)
     SELECT count(*) AS count FROM gone`,
    [ids ?? null],
  )
  return Number(row?.count ?? 0)
}
