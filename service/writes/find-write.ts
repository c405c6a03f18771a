import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { withPostgres } from '../catalog/connect-postgres.ts'
import type { CatalogLogin } from '../catalog/lake-connection.ts'
import { WorkError } from '../engine-pool/work-run.ts'

/** A write as its snapshot remembers it. */
export interface FoundWrite {
  readonly snapshotId: string
  readonly rowCount: number
}

/** How long to wait until the connections of an engine that has died are gone, or until PostgreSQL is back. */
const sessionEndMs = 15_000
const askEveryMs = 100

/** Finds out whether writes were committed, once nothing can commit them any more.
 * @param catalog as a role that may read it. @param session how the connections that may still commit are called: with % at the end, all
 * that begin so. @returns the writes that are in the lake, by their ids. @throws WorkError outcomeUnknown if that cannot be said. */
export async function findWrites(catalog: CatalogLogin, session: string, ids: readonly string[]): Promise<ReadonlyMap<string, FoundWrite>> {
  for (const until = performance.now() + sessionEndMs; ; ) {
    try {
      return await withPostgres(catalog, async client => {
        while (await isThere(client, session)) {
          if (performance.now() > until) throw unknown(session, ids)
          await sleep(askEveryMs)
        }
        return findCommitted(client, ids)
      })
    } catch (error) {
      if (error instanceof WorkError || performance.now() > until) throw unknown(session, ids)
      await sleep(askEveryMs)
    }
  }
}

/** Whether a connection of this name is open. */
export async function isThere(client: Client, session: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE $1 LIMIT 1',
    [session],
  )
  return rowCount === 1
}

async function findCommitted(client: Client, ids: readonly string[]): Promise<ReadonlyMap<string, FoundWrite>> {
  const { rows } = await client.query<{ id: string; snapshot: string; rows: string }>(
    `SELECT write ->> 'id' AS id, snapshot_id::text AS snapshot, write ->> 'rows' AS rows
      FROM public.ducklake_snapshot_changes, jsonb_array_elements(commit_extra_info::jsonb -> 'writes') AS write
      WHERE commit_extra_info LIKE '{"writes":[%' AND write ->> 'id' = ANY ($1)`,
    [ids],
  )
  return new Map(rows.map(({ id, snapshot, rows: count }) => [id, { snapshotId: snapshot, rowCount: Number(count) }]))
}

function unknown(session: string, ids: readonly string[]): WorkError {
  return new WorkError(
    'outcomeUnknown',
    `The catalog does not say whether the write ${ids.join(', ')} was committed: send it again with the same Idempotency-Key, or look for its id in /v1/snapshots first.`,
    {},
    'unknown',
    session,
  )
}
