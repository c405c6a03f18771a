import { metadataDatabase as meta } from '../catalog/metadata-database.ts'
import { quote } from '../catalog/quote.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { Row } from './read-rows.ts'

/** One version of the lake as DuckLake has it. */
export interface Snapshot {
  readonly id: string
  readonly at: string
  readonly schemaVersion: string
  readonly changes: readonly Change[]
  readonly author: string | null
  readonly message: string | null
  /** What the writes that share the commit told of it; null where nobody did. */
  readonly told: Told | null
}

interface Told {
  readonly rows: number
  /** An UPDATE: as many rows came as went. */
  readonly isUpdate: boolean
}

/** A kind of change and what it was done to: names of what was made, ids of the catalog for all else. */
export interface Change {
  readonly kind: string
  readonly of: readonly string[]
}

/** Snapshots, newest first. @param only those that changed this table, under whatever name it had. */
export function timeLineSql({ before, limit, only }: { before?: string | undefined; limit: number; only?: TableName | undefined }): string {
  const conditions = [...(before === undefined ? [] : [`snapshot_id < ${before}`]), ...(only ? [touches] : [])]
  return `
    WITH named AS (
      SELECT DISTINCT table_id FROM ${meta}.ducklake_table JOIN ${meta}.ducklake_schema AS s USING (schema_id)
      WHERE ${only ? `lower(schema_name) = lower(${quote(only.schema)}) AND lower(table_name) = lower(${quote(only.name)})` : 'false'}
    ), lives AS (SELECT begin_snapshot, end_snapshot FROM ${meta}.ducklake_table WHERE table_id IN (FROM named))
    SELECT snapshot_id, snapshot_time, schema_version, changes, author, commit_message, commit_extra_info,
      (SELECT min(snapshot_id) FROM lake.snapshots())
    FROM lake.snapshots() ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
    ORDER BY snapshot_id DESC LIMIT ${limit}`
}

/** What was made has its name in \`changes\`, all else its id; a table that is renamed counts as made. */
const touches = `(
  snapshot_id IN (SELECT begin_snapshot FROM lives UNION ALL SELECT end_snapshot FROM lives)
  OR list_has_any(
    flatten(map_values(map_from_entries(list_filter(map_entries(changes), lambda each: NOT ends_with(each.key, '_created'))))),
    (SELECT list(table_id::VARCHAR) FROM named)))`

export function snapshotOf([id, at, schemaVersion, changes, author, message, extra]: Row): Snapshot {
  return {
    id: String(id),
    at: String(at),
    schemaVersion: String(schemaVersion),
    changes: changesOf(changes),
    author: textOf(author),
    message: textOf(message),
    told: toldOf(textOf(extra), textOf(message)),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** DuckLake's map from a kind of change to what it was done to. */
function changesOf(value: unknown): Change[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  return entries.flatMap(entry =>
    typeof entry === 'object' && entry !== null && 'key' in entry && 'value' in entry && Array.isArray(entry.value)
      ? [{ kind: String(entry.key), of: entry.value.map(String) }]
      : [],
  )
}

/** @param extra of the commit: whatever another program than this service has put there says nothing. */
function toldOf(extra: string | null, message: string | null): Told | null {
  if (!extra?.startsWith('{"writes":[')) return null
  try {
    const told: { writes: readonly { readonly rows?: unknown }[] } = JSON.parse(extra)
    const rows = told.writes.map(each => (typeof each.rows === 'number' ? each.rows : Number.NaN)).reduce((sum, each) => sum + each, 0)
    return Number.isSafeInteger(rows) ? { rows, isUpdate: message?.startsWith('update ') ?? false } : null
  } catch {
    return null
  }
}
