import { type Static, Type } from 'typebox'
import type { Progress } from '../engine-pool/statement-run.ts'
import { queryKinds, queryStates, type StoredQuery } from '../store/queries.ts'
import { queryBody } from './query-body.ts'
import { column, orNull } from './schemas.ts'

/** What is told of a query, in the background or past. */
export const queryEntry = Type.Object(
  {
    id: Type.String(),
    keyId: Type.String({ description: 'Whose it is.' }),
    kind: Type.Enum([...queryKinds], { description: 'rows: some were sent, and sql says where they went.' }),
    background: Type.Boolean({ description: 'false: it ends with its request, and its result is not kept.' }),
    state: Type.Enum([...queryStates]),
    sql: Type.String(),
    params: orNull(queryBody.properties.params),
    asOf: orNull(queryBody.properties.asOf),
    submittedAt: Type.String(),
    startedAt: orNull(Type.String()),
    endedAt: orNull(Type.String()),
    durationMs: orNull(Type.Integer(), 'From its start to its end, or until now.'),
    progress: orNull(
      Type.Object({
        percent: orNull(Type.Number(), 'null where DuckDB does not know.'),
        rows: orNull(Type.Integer(), 'Rows that DuckDB has read; known to the process that works on it.'),
      }),
    ),
    snapshotId: orNull(Type.String(), 'The version of the lake that was read.'),
    rowCount: orNull(Type.String()),
    columns: orNull(Type.Array(column)),
    error: orNull(
      Type.Object({
        code: Type.String(),
        detail: Type.String(),
        position: Type.Optional(Type.Integer()),
        candidates: Type.Optional(Type.Array(Type.String())),
      }),
    ),
    requestId: orNull(Type.String(), 'Of the request that sent it.'),
    engine: orNull(
      Type.String(),
      'The engine that works on it, by the name of its connections; null while it waits, and if it took less than a second.',
    ),
    result: orNull(
      Type.Object({ url: Type.String(), bytes: Type.String(), until: Type.String() }),
      'null: there is none, or none any more.',
    ),
  },
  { title: 'QueryEntry' },
)

export function entryOf(query: StoredQuery, progress: Progress | undefined): Static<typeof queryEntry> {
  const { id, keyId, kind, background, state, sql, params, asOf, startedAt, endedAt, resultBytes, resultUntil } = query
  const until = endedAt ?? new Date()
  return {
    id,
    keyId,
    kind,
    background,
    state,
    sql,
    params: copyOf(params),
    asOf,
    submittedAt: query.submittedAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    durationMs: startedAt && Math.max(until.getTime() - startedAt.getTime(), 0),
    progress: state === 'running' ? { percent: known(progress?.percent ?? query.percent), rows: progress?.rows ?? null } : null,
    snapshotId: query.snapshotId,
    rowCount: query.rowCount,
    columns: query.columns?.map(each => ({ ...each })) ?? null,
    error: query.error && failureOf(query.error),
    requestId: query.requestId,
    engine: query.engine,
    result:
      resultBytes !== null && resultUntil
        ? { url: `/v1/queries/${id}/result`, bytes: resultBytes, until: resultUntil.toISOString() }
        : null,
  }
}

function failureOf({ candidates, ...rest }: NonNullable<StoredQuery['error']>): NonNullable<Static<typeof queryEntry>['error']> {
  return { ...rest, ...(candidates && { candidates: [...candidates] }) }
}

function copyOf(params: StoredQuery['params']): Static<typeof queryEntry>['params'] {
  if (params === null) return null
  return isList(params) ? [...params] : { ...params }
}

function isList<Item, Other>(params: readonly Item[] | Other): params is readonly Item[] {
  return Array.isArray(params)
}

/** DuckDB says −1 where it does not know. */
function known(percent: number | null): number | null {
  return percent !== null && percent >= 0 ? percent : null
}
