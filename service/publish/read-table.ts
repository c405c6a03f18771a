import type { ClientBase } from 'pg'
import { ServiceError } from '../errors.ts'
import type { FileKey } from '../store/publications.ts'
import type { LakeColumn } from './delta-schema.ts'

/** A table as the newest version of the lake has it. Ids of 64 bits are text. */
export interface TableState {
  readonly tableId: string
  readonly schema: string
  readonly name: string
  /** Where its files lie; ends with `/`. */
  readonly folder: string
  readonly columns: readonly LakeColumn[]
  /** Names of columns and their parts that are gone, as physical-names.ts has them. */
  readonly formerNames: readonly string[]
  /** The largest id that a column ever had. */
  readonly maxColumnId: number
  readonly files: readonly FileKey[]
  readonly snapshot: { readonly id: string; readonly time: string; readonly author: string | null }
}

export interface TableIds {
  readonly tableId: string
  readonly uuid: string
  readonly schema: string
  readonly name: string
}

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly folder: string
  readonly formerNames: readonly string[]
  readonly maxColumnId: number
}

interface ColumnRow {
  readonly id: number
  readonly name: string
  readonly firstName: string
  readonly type: string
  readonly parent: number | null
  readonly widened: boolean
  readonly missing: boolean
}

/** Which table a name is of. @returns undefined if there is none now */
export async function findTable(catalog: ClientBase, schema: string, table: string): Promise<TableIds | undefined> {
  const { rows } = await catalog.query<TableIds>(
    `SELECT t.table_id AS "tableId", t.table_uuid AS uuid, s.schema_name AS schema, t.table_name AS name
     FROM public.ducklake_table AS t JOIN public.ducklake_schema AS s USING (schema_id)
     WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL AND lower(s.schema_name) = lower($1) AND lower(t.table_name) = lower($2)`,
    [schema, table],
  )
  return rows[0]
}

/** Whether the newest version of the lake has a table. */
export async function isThere(catalog: ClientBase, tableId: string): Promise<boolean> {
  const { rowCount } = await catalog.query('SELECT FROM public.ducklake_table WHERE table_id = $1 AND end_snapshot IS NULL', [tableId])
  return rowCount === 1
}

export function tableGone(): ServiceError {
  return new ServiceError(
    'notFound',
    'The table is not there any more: its log stays for publish.keepHours, and is removed then with the publication; DELETE removes both at once.',
  )
}

/** When a version of the lake was made, to the microsecond: after a restore another may have its number. @returns undefined if it is gone */
export async function snapshotTime(catalog: ClientBase, snapshotId: string): Promise<string | undefined> {
  const { rows } = await catalog.query<{ time: string }>(`SELECT ${timeSql} AS time FROM public.ducklake_snapshot WHERE snapshot_id = $1`, [
    snapshotId,
  ])
  return rows[0]?.time
}

/** Whether a version that is gone can have been made at that time: those before it are older, and those after it younger. */
export async function fitsBetween(catalog: ClientBase, snapshotId: string, time: string): Promise<boolean> {
  const { rowCount } = await catalog.query(
    `SELECT FROM public.ducklake_snapshot
     WHERE (snapshot_id > $1 AND snapshot_time < $2::timestamptz) OR (snapshot_id < $1 AND snapshot_time > $2::timestamptz) LIMIT 1`,
    [snapshotId, time],
  )
  return rowCount === 0
}

const timeSql = `to_char(snapshot_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** @param catalog in a transaction that sees one state of it. @throws ServiceError notFound, or conflict for rows that are in no file */
export async function readTable(catalog: ClientBase, tableId: string): Promise<TableState> {
  const { rows: tables } = await catalog.query<TableRow>(
    `SELECT s.schema_name AS schema, t.table_name AS name,
       CASE WHEN NOT t.path_is_relative THEN '' WHEN NOT s.path_is_relative THEN s.path
         ELSE (SELECT value FROM public.ducklake_metadata WHERE key = 'data_path' AND scope IS NULL) || s.path END || t.path AS folder,
       ARRAY(SELECT DISTINCT concat(old.parent_column, '/', old.column_name) FROM public.ducklake_column AS old
         WHERE old.table_id = $1 AND NOT EXISTS (SELECT FROM public.ducklake_column AS c
           WHERE c.table_id = $1 AND c.column_id = old.column_id AND c.end_snapshot IS NULL)) AS "formerNames",
       (SELECT max(column_id)::int FROM public.ducklake_column WHERE table_id = $1) AS "maxColumnId"
     FROM public.ducklake_table AS t JOIN public.ducklake_schema AS s USING (schema_id)
     WHERE t.table_id = $1 AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL`,
    [tableId],
  )
  const [table] = tables
  if (!table) throw tableGone()
  await assertInFiles(catalog, tableId)
  const { rows: columns } = await catalog.query<ColumnRow>(columnsSql, [tableId])
  const { rows: files } = await catalog.query<FileKey>(
    `SELECT f.data_file_id AS "dataFileId", d.delete_file_id AS "deleteFileId"
     FROM public.ducklake_data_file AS f
       LEFT JOIN public.ducklake_delete_file AS d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
     WHERE f.table_id = $1 AND f.end_snapshot IS NULL`,
    [tableId],
  )
  const { rows: snapshots } = await catalog.query<TableState['snapshot']>(
    `SELECT s.snapshot_id AS id, ${timeSql} AS time, c.author
     FROM public.ducklake_snapshot AS s LEFT JOIN public.ducklake_snapshot_changes AS c USING (snapshot_id)
     ORDER BY s.snapshot_id DESC LIMIT 1`,
  )
  const [snapshot] = snapshots
  if (!snapshot) throw new ServiceError('catalogUnfit', 'The catalog has no snapshot.')
  return { tableId, ...table, columns: treeOf(columns, null), files, snapshot }
}

/** `widened`: some file has it with a narrower type. `missing`: some file does not have it, and it is not NULL there. */
const columnsSql = `SELECT c.column_id::int AS id, c.column_name AS name, first.name AS "firstName", lower(c.column_type) AS type, c.parent_column::int AS parent,
    EXISTS (
      SELECT FROM public.ducklake_column AS old
        JOIN public.ducklake_data_file AS f ON f.table_id = old.table_id AND f.end_snapshot IS NULL AND f.begin_snapshot < old.end_snapshot
      WHERE old.table_id = c.table_id AND old.column_id = c.column_id AND old.column_type <> c.column_type) AS widened,
    c.initial_default IS NOT NULL AND EXISTS (
      SELECT FROM public.ducklake_data_file AS f
      WHERE f.table_id = c.table_id AND f.end_snapshot IS NULL AND NOT EXISTS (
        SELECT FROM public.ducklake_file_column_stats AS s
        WHERE s.table_id = c.table_id AND s.data_file_id = f.data_file_id AND s.column_id = c.column_id)) AS missing
  FROM public.ducklake_column AS c
    CROSS JOIN LATERAL (
      SELECT old.column_name AS name FROM public.ducklake_column AS old
      WHERE old.table_id = c.table_id AND old.column_id = c.column_id ORDER BY old.begin_snapshot LIMIT 1) AS first
  WHERE c.table_id = $1 AND c.end_snapshot IS NULL ORDER BY c.column_order, c.column_id`

function treeOf(rows: readonly ColumnRow[], parent: number | null): LakeColumn[] {
  return rows
    .filter(row => row.parent === parent)
    .map(({ id, name, firstName, type, widened, missing }) => ({
      id,
      name,
      firstName,
      type,
      parts: treeOf(rows, id),
      fault: widened
        ? 'was of a narrower type when some of the table’s files were written, so that their rows would have to be written anew'
        : missing
          ? 'has a default for rows that were there before it, which is not in their files'
          : undefined,
    }))
}

/** In a lake that once had inlining on, rows and deletions may lie in the catalog itself. */
async function assertInFiles(catalog: ClientBase, tableId: string): Promise<void> {
  const { rows } = await catalog.query<{ name: string }>(
    `SELECT table_name AS name FROM public.ducklake_inlined_data_tables WHERE table_id = $1
     UNION ALL SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = 'ducklake_inlined_delete_' || $1::bigint`,
    [tableId],
  )
  for (const { name } of rows) {
    const isDeletion = name.startsWith('ducklake_inlined_delete_')
    const live = isDeletion ? '' : 'WHERE end_snapshot IS NULL'
    const { rowCount } = await catalog.query(`SELECT FROM public."${name}" ${live} LIMIT 1`)
    if (rowCount)
      throw new ServiceError('conflict', 'Rows of the table lie in the catalog and in no file: POST /v1/maintenance/flush first.')
  }
}
