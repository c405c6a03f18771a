import { ask, askJson, type Problem } from './ask.ts'
import type { Column, Row } from './rows.ts'

export type Parameter = string | number | boolean | null | { readonly type: string; readonly value: string | number | boolean | null }
export type Parameters = readonly Parameter[] | Readonly<Record<string, Parameter>>

export interface AsOf {
  readonly version?: string
  readonly timestamp?: string
}

export interface Statement {
  readonly sql: string
  readonly params?: Parameters
  readonly asOf?: AsOf
}

export interface QueryEntry {
  readonly id: string
  readonly keyId: string
  readonly kind: 'query' | 'statement' | 'rows'
  readonly background: boolean
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly sql: string
  readonly params: Parameters | null
  readonly asOf: AsOf | null
  readonly submittedAt: string
  readonly durationMs: number | null
  readonly progress: { readonly percent: number | null; readonly rows: string | null } | null
  readonly snapshotId: string | null
  readonly rowCount: string | null
  readonly columns: readonly Column[] | null
  readonly requestId: string | null
  readonly engine: string | null
  readonly error: Pick<Problem, 'code' | 'detail' | 'position' | 'candidates'> | null
  readonly result: { readonly bytes: string; readonly until: string } | null
}

export interface ResultRows {
  readonly snapshotId: string | null
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly elapsedMs: number
}

export interface WriteAnswer {
  readonly writeId: string
  readonly snapshotId: string | null
  readonly rowCount?: number | string | null
}

export const formats = ['csv', 'ndjson', 'parquet', 'arrow', 'json'] as const
export type Format = (typeof formats)[number]

/** Hands a statement in; it goes on by itself. It cannot be given up on the way: the service may have it by then, and it takes the answer's id
 * to end it. */
export function submit(statement: Statement): Promise<QueryEntry> {
  return askJson('/v1/queries', { method: 'POST', body: JSON.stringify(statement) })
}

/** What has become of it; the answer comes when it has ended, or after `waitSeconds`. */
export function look(id: string, waitSeconds: number, signal?: AbortSignal): Promise<QueryEntry> {
  return askJson(`/v1/queries/${id}`, { headers: { prefer: `wait=${waitSeconds}` }, signal })
}

export function readPage(id: string, offset: number, limit: number, signal?: AbortSignal): Promise<ResultRows> {
  return askJson(`/v1/queries/${id}/result?format=json&offset=${offset}&limit=${limit}`, { signal })
}

export async function readAs(id: string, format: Format, signal?: AbortSignal): Promise<Response> {
  return ask(`/v1/queries/${id}/result?format=${format}`, { signal })
}

/** Cancels it if it runs, else removes its result. */
export async function remove(id: string): Promise<void> {
  await ask(`/v1/queries/${id}`, { method: 'DELETE' })
}

/** A few rows at once, without a place in the results that are kept. */
export function query(statement: Statement & { readonly maxRows?: number }, signal?: AbortSignal): Promise<ResultRows> {
  return askJson('/v1/query', { method: 'POST', body: JSON.stringify(statement), headers: { accept: 'application/json' }, signal })
}

/** Runs a statement that changes the lake; with the same `once` it is done once, however often it is sent. */
export function write(statement: Statement, once: string, signal: AbortSignal): Promise<WriteAnswer> {
  const { sql, params } = statement
  return askJson('/v1/statements', {
    method: 'POST',
    body: JSON.stringify({ sql, ...(params && { params }) }),
    headers: { 'idempotency-key': once },
    signal,
  })
}

export interface PastQueries {
  readonly queries: readonly QueryEntry[]
  /** Where the next page begins; null on the last one. */
  readonly next: string | null
}

/** What was asked and written, newest first. @param all of every key, which needs an administrator's; else of this one alone
 * @param search what the statements hold */
export function listQueries(
  {
    all = false,
    search,
    state,
    after,
    limit = 100,
  }: { readonly all?: boolean; readonly search?: string; readonly state?: string; readonly after?: string; readonly limit?: number },
  signal?: AbortSignal,
): Promise<PastQueries> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(all && { key: '*' }),
    ...(search && { search }),
    ...(state && { state }),
    ...(after && { after }),
  })
  return askJson(`/v1/queries?${query}`, { signal })
}
