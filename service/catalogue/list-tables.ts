import { metadataDatabase as meta } from '../catalog/metadata-database.ts'
import { quote } from '../catalog/quote.ts'
import type { Row } from './read-rows.ts'

export interface TableEntry {
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  /** Null for a view: counting its rows would mean running it. */
  readonly rowCount: string | null
  readonly fileCount: number | null
  readonly bytes: string | null
  readonly deletedRowCount: string | null
}

/** Tables and views with rows, files and bytes as the catalog has them: no file is opened. */
export function listTablesSql(only?: { readonly schema: string; readonly name: string }): string {
  const where = only ? `AND lower(s.schema_name) = lower(${quote(only.schema)}) AND lower(t.name) = lower(${quote(only.name)})` : ''
  return `
    WITH files AS (
      SELECT table_id, count(*) AS files, sum(record_count) AS rows, sum(file_size_bytes) AS bytes
      FROM ${meta}.ducklake_data_file WHERE end_snapshot IS NULL GROUP BY table_id
    ), deletes AS (
      SELECT table_id, sum(delete_count) AS rows, sum(file_size_bytes) AS bytes
      FROM ${meta}.ducklake_delete_file WHERE end_snapshot IS NULL GROUP BY table_id
    ), t AS (
      SELECT table_id, schema_id, table_name AS name, 'table' AS kind FROM ${meta}.ducklake_table WHERE end_snapshot IS NULL
      UNION ALL
      SELECT NULL, schema_id, view_name, 'view' FROM ${meta}.ducklake_view WHERE end_snapshot IS NULL
    )
    SELECT s.schema_name, t.name, t.kind,
      CASE t.kind WHEN 'table' THEN (coalesce(files.rows, 0) - coalesce(deletes.rows, 0))::BIGINT END,
      CASE t.kind WHEN 'table' THEN coalesce(files.files, 0)::INTEGER END,
      CASE t.kind WHEN 'table' THEN (coalesce(files.bytes, 0) + coalesce(deletes.bytes, 0))::BIGINT END,
      CASE t.kind WHEN 'table' THEN coalesce(deletes.rows, 0)::BIGINT END
    FROM t JOIN ${meta}.ducklake_schema AS s USING (schema_id)
      LEFT JOIN files USING (table_id) LEFT JOIN deletes USING (table_id)
    WHERE s.end_snapshot IS NULL ${where}
    ORDER BY ALL`
}

export function tableEntry([schema, name, kind, rowCount, fileCount, bytes, deletedRowCount]: Row): TableEntry {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return {
    schema: String(schema),
    name: String(name),
    kind: kind === 'view' ? 'view' : 'table',
    rowCount: text(rowCount),
    fileCount: typeof fileCount === 'number' ? fileCount : null,
    bytes: text(bytes),
    deletedRowCount: text(deletedRowCount),
  }
}
