import type { Grants } from '../access/grants.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { AsOf, Column, Parameters } from '../engine/messages.ts'
import type { ErrorCode, SqlPlace } from '../errors.ts'
import { type Ask, jsonb } from './store.ts'

export const queryStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type QueryState = (typeof queryStates)[number]

/** What the history holds: queries, statements that change something, rows that were sent. */
export const queryKinds = ['query', 'statement', 'rows'] as const
export type QueryKind = (typeof queryKinds)[number]

export type QueryFailure = { readonly code: ErrorCode; readonly detail: string } & SqlPlace

/** A row of `app.query`. */
export interface StoredQuery {
  readonly id: string
  readonly keyId: string
  readonly kind: QueryKind
  readonly background: boolean
  readonly sql: string
  readonly params: Parameters | null
  readonly asOf: AsOf | null
  readonly grants: Grants | null
  readonly state: QueryState
  readonly submittedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly percent: number | null
  /** Numbers of 64 bits come as text. */
  readonly snapshotId: string | null
  readonly rowCount: string | null
  readonly columns: readonly Column[] | null
  readonly error: QueryFailure | null
  /** Of the request that sent it. */
  readonly requestId: string | null
  /** What works or worked on it, by the name of its connections. */
  readonly engine: string | null
  readonly resultBytes: string | null
  readonly resultUntil: Date | null
}

/** What is written when a query ends. */
export interface QueryOutcome {
  readonly state: Extract<QueryState, 'succeeded' | 'failed' | 'cancelled'>
  readonly snapshotId?: string | undefined
  readonly rowCount?: number | undefined
  readonly columns?: readonly Column[]
  /** What it read, if that was asked for; not stored with the query. */
  readonly tables?: readonly TableName[] | undefined
  readonly error?: QueryFailure
  readonly resultBytes?: number
  readonly resultUntil?: Date
}

const columns = `id, key_id AS "keyId", kind, background, sql, params, as_of AS "asOf", grants, state, submitted_at AS "submittedAt",
  started_at AS "startedAt", ended_at AS "endedAt", percent, snapshot_id AS "snapshotId", row_count AS "rowCount", columns, error, request_id AS "requestId", engine,
  CASE WHEN result_until > now() THEN result_bytes END AS "resultBytes", result_until AS "resultUntil"`

export async function findQuery(ask: Ask, id: string): Promise<StoredQuery | undefined> {
  const [query] = await ask<StoredQuery>(`SELECT ${columns} FROM app.query WHERE id = $1`, [id])
  return query
}

export interface QueryFilter {
  /** Of every key if it is missing. */
  readonly keyId?: string | undefined
  readonly state?: QueryState | undefined
  readonly kind?: QueryKind | undefined
  /** Words that their text holds, in any case of letters. */
  readonly search?: string | undefined
  /** The last id of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function listQueries(ask: Ask, { keyId, state, kind, search, after, limit }: QueryFilter): Promise<StoredQuery[]> {
  return ask<StoredQuery>(
    `SELECT ${columns} FROM app.query
     WHERE ($1::text IS NULL OR key_id = $1) AND ($2::text IS NULL OR state = $2) AND ($5::text IS NULL OR kind = $5)
       AND ($3::uuid IS NULL OR (submitted_at, id) < (SELECT submitted_at, id FROM app.query WHERE id = $3))
       AND ($6::text IS NULL OR (SELECT bool_and(strpos(lower(sql), word) > 0) FROM unnest(string_to_array(lower($6), ' ')) AS word))
     ORDER BY submitted_at DESC, id DESC LIMIT $4`,
    [keyId ?? null, state ?? null, after ?? null, limit, kind ?? null, search ?? null],
  )
}

export type NewQuery = Pick<StoredQuery, 'id' | 'keyId' | 'sql' | 'params' | 'asOf' | 'grants' | 'requestId'>

/** @param unfinishedMax of this key, with this one. @returns false if there are as many already */
export async function insertQuery(ask: Ask, query: NewQuery, process: string, unfinishedMax: number): Promise<boolean> {
  const rows = await ask(
    `INSERT INTO app.query (id, key_id, background, sql, params, as_of, grants, state, process, alive_at, request_id)
     SELECT $1, $2, true, $3, $4, $5, $6, 'queued', $7, now(), $9
     WHERE (SELECT count(*) FROM app.query WHERE key_id = $2 AND background AND state IN ('queued', 'running')) < $8
     RETURNING id`,
    [
      query.id,
      query.keyId,
      query.sql,
      jsonb(query.params),
      jsonb(query.asOf),
      jsonb(query.grants),
      process,
      unfinishedMax,
      query.requestId,
    ],
  )
  return rows.length > 0
}

export async function startQuery(ask: Ask, id: string): Promise<void> {
  await ask(`UPDATE app.query SET state = 'running', started_at = now() WHERE id = $1`, [id])
}

/** Whatever another process believed meanwhile. */
export async function endQuery(ask: Ask, id: string, outcome: QueryOutcome): Promise<void> {
  await ask(
    `UPDATE app.query SET state = $2, ended_at = now(), percent = NULL, snapshot_id = $3, row_count = $4, columns = $5, error = $6,
       result_bytes = $7, result_until = $8
     WHERE id = $1`,
    [
      id,
      outcome.state,
      outcome.snapshotId ?? null,
      outcome.rowCount ?? null,
      jsonb(outcome.columns ?? null),
      jsonb(outcome.error ?? null),
      outcome.resultBytes ?? null,
      outcome.resultUntil ?? null,
    ],
  )
}

/** Asks for its end, which its process sees within a second. @returns whether it still ran or waited */
export async function requestCancel(ask: Ask, id: string): Promise<boolean> {
  const rows = await ask(`UPDATE app.query SET cancel_requested_at = now() WHERE id = $1 AND state IN ('queued', 'running') RETURNING id`, [
    id,
  ])
  return rows.length > 0
}

export interface Sign {
  readonly id: string
  readonly percent: number | null
  /** null: none yet. */
  readonly engine: string | null
}

/** Says that the process still works on them. @returns those that somebody wants cancelled */
export async function keepAlive(ask: Ask, signs: readonly Sign[]): Promise<string[]> {
  const rows = await ask<{ id: string; cancelled: boolean }>(
    `UPDATE app.query SET alive_at = now(), percent = sign.percent, engine = sign.engine,
       state = CASE WHEN sign.engine IS NOT NULL AND state = 'queued' THEN 'running' ELSE state END,
       started_at = coalesce(started_at, CASE WHEN sign.engine IS NOT NULL THEN submitted_at END)
     FROM unnest($1::uuid[], $2::real[], $3::text[]) AS sign(id, percent, engine) WHERE query.id = sign.id
     RETURNING query.id, cancel_requested_at IS NOT NULL AS cancelled`,
    [signs.map(({ id }) => id), signs.map(({ percent }) => percent), signs.map(({ engine }) => engine)],
  )
  return rows.filter(({ cancelled }) => cancelled).map(({ id }) => id)
}

/** Ends those whose process has not been heard of. @param error of what reads @param ofWrite of what may have been committed */
export async function endLost(ask: Ask, silentMs: number, error: QueryFailure, ofWrite: QueryFailure): Promise<number> {
  const rows = await ask(
    `UPDATE app.query SET state = 'failed', ended_at = now(), percent = NULL, error = CASE kind WHEN 'query' THEN $2::jsonb ELSE $3 END
     WHERE state IN ('queued', 'running') AND alive_at < now() - $1 * interval '1 millisecond' RETURNING id`,
    [silentMs, jsonb(error), jsonb(ofWrite)],
  )
  return rows.length
}

/** Bytes of the results that are kept for a key. */
export async function keptBytes(ask: Ask, keyId: string): Promise<number> {
  const [row] = await ask<{ bytes: string | null }>(
    'SELECT sum(result_bytes) AS bytes FROM app.query WHERE key_id = $1 AND result_bytes IS NOT NULL',
    [keyId],
  )
  return Number(row?.bytes ?? 0)
}

/** Results whose time is over; they are still noted as kept. */
export async function expiredResults(ask: Ask, limit: number): Promise<string[]> {
  const rows = await ask<{ id: string }>(
    'SELECT id FROM app.query WHERE result_bytes IS NOT NULL AND result_until <= now() ORDER BY result_until LIMIT $1',
    [limit],
  )
  return rows.map(({ id }) => id)
}

export async function noteRemoved(ask: Ask, id: string): Promise<void> {
  await ask('UPDATE app.query SET result_bytes = NULL, result_until = NULL WHERE id = $1', [id])
}
