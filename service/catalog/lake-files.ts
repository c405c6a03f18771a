/** Every file that a catalog refers to, those of old snapshots and dropped tables too: `kind` (data or delete), `file_id`, `data_file_id`,
 * `table_id`, `schema_id`, `schema_name`, `table_name`, `path`, `bytes`, `row_count`, `begin_snapshot`, `end_snapshot`. The path is a whole one; it is NULL
 * where the file's table is missing. For PostgreSQL and DuckDB alike. @param schema where DuckLake's tables are. */
export function lakeFilesSql(schema: string): string {
  return `SELECT file.kind, file.file_id, file.data_file_id, file.table_id, place.schema_id, place.schema_name, place.table_name,
  CASE WHEN file.path_is_relative THEN place.folder || file.path ELSE file.path END AS path,
  file.bytes, file.row_count, file.begin_snapshot, file.end_snapshot
FROM (
  SELECT 'data' AS kind, data_file_id AS file_id, data_file_id, table_id, path, path_is_relative, file_size_bytes AS bytes,
    record_count AS row_count, begin_snapshot, end_snapshot
  FROM ${schema}.ducklake_data_file
  UNION ALL
  SELECT 'delete', delete_file_id, data_file_id, table_id, path, path_is_relative, file_size_bytes, delete_count, begin_snapshot, end_snapshot
  FROM ${schema}.ducklake_delete_file
) AS file
LEFT JOIN (
  SELECT DISTINCT ON (t.table_id) t.table_id, s.schema_id, s.schema_name, t.table_name,
    CASE WHEN NOT t.path_is_relative THEN ''
      WHEN NOT s.path_is_relative THEN s.path
      ELSE (SELECT value FROM ${schema}.ducklake_metadata WHERE key = 'data_path' AND scope IS NULL) || s.path END || t.path AS folder
  FROM ${schema}.ducklake_table AS t JOIN ${schema}.ducklake_schema AS s ON t.schema_id = s.schema_id
  ORDER BY t.table_id, t.begin_snapshot DESC, s.begin_snapshot DESC
) AS place ON place.table_id = file.table_id`
}
