import type { NewQuery, QueryKind, QueryOutcome } from './queries.ts'
import { type Ask, jsonb } from './store.ts'

/** What ended with its request; while it ran it may have been listed. Of rows that were sent, `sql` says where they went. */
export type PastQuery = NewQuery &
  Omit<QueryOutcome, 'columns'> & { readonly kind?: QueryKind; readonly submittedAt: Date; readonly endedAt: Date }

export async function insertHistory(ask: Ask, queries: readonly PastQuery[]): Promise<void> {
  await ask(
    `INSERT INTO app.query (id, key_id, kind, background, sql, params, as_of, state, submitted_at, started_at, ended_at, snapshot_id,
       row_count, error, request_id)
     SELECT id, "keyId", coalesce(kind, 'query'), false, sql, params, "asOf", state, "submittedAt", "submittedAt", "endedAt", "snapshotId", "rowCount", error,
       "requestId"
     FROM json_to_recordset($1) AS past(id uuid, "keyId" text, kind text, sql text, params jsonb, "asOf" jsonb, state text,
       "submittedAt" timestamptz, "endedAt" timestamptz, "snapshotId" bigint, "rowCount" bigint, error jsonb,
       "requestId" text)
     ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, started_at = EXCLUDED.started_at, ended_at = EXCLUDED.ended_at,
       snapshot_id = EXCLUDED.snapshot_id, row_count = EXCLUDED.row_count, error = EXCLUDED.error`,
    [jsonb(queries)],
  )
}

/** @returns how many were forgotten */
export async function forgetHistory(ask: Ask, days: number): Promise<number> {
  const rows = await ask(
    `DELETE FROM app.query WHERE submitted_at < now() - $1 * interval '1 day' AND result_bytes IS NULL AND state NOT IN ('queued', 'running')
     RETURNING id`,
    [days],
  )
  return rows.length
}
