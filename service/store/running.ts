import type { NewQuery, QueryKind } from './queries.ts'
import { type Ask, jsonb } from './store.ts'

/** What works for its request. `sql` is the line of the request where there is no statement of a caller's. */
export type RunningStatement = NewQuery & { readonly kind: QueryKind; readonly submittedAt: Date }

/** A write that is done again, after its process was lost, has the id that it had. */
export async function insertRunning(ask: Ask, statements: readonly RunningStatement[], process: string): Promise<void> {
  await ask(
    `INSERT INTO app.query (id, key_id, kind, background, sql, params, as_of, state, submitted_at, process, alive_at, request_id)
     SELECT id, "keyId", kind, false, sql, params, "asOf", 'queued', "submittedAt", $2, now(), "requestId"
     FROM json_to_recordset($1) AS present(id uuid, "keyId" text, kind text, sql text, params jsonb, "asOf" jsonb,
       "submittedAt" timestamptz, "requestId" text)
     ON CONFLICT (id) DO UPDATE SET state = 'queued', submitted_at = EXCLUDED.submitted_at, started_at = NULL, ended_at = NULL, error = NULL,
       process = EXCLUDED.process, alive_at = now(), cancel_requested_at = NULL, request_id = EXCLUDED.request_id`,
    [jsonb(statements), process],
  )
}

/** Forgets those that have ended without getting into the history. */
export async function forgetRunning(ask: Ask, ids: readonly string[]): Promise<void> {
  await ask(`DELETE FROM app.query WHERE id = ANY ($1::uuid[]) AND state IN ('queued', 'running')`, [ids])
}
