interface Verdict {
  readonly allowed: boolean
  /** Goes on after "The table function … is not allowed: it". */
  readonly reason: string
}

/** Every table function and table macro of this DuckDB with the three extensions. A test compares the table with the real ones,
 * so that an update cannot bring one that nobody has judged. What is not in here is refused as well. */
export const tableFunctions: ReadonlyMap<string, Verdict> = new Map([
  ...allowed('neither reads nor changes anything outside of the statement', [
    'range generate_series unnest repeat repeat_row json_each json_tree summary',
    'pg_timezone_names icu_calendar_names duckdb_keywords pragma_collations pragma_version test_all_types',
  ]),

  ...refused('reads files or addresses, which only tables of the lake may do', [
    'read_blob read_csv read_csv_auto read_duckdb read_json read_json_auto read_json_objects read_json_objects_auto',
    'read_ndjson read_ndjson_auto read_ndjson_objects read_parquet parquet_scan read_postgres_binary read_text',
    'parquet_bloom_probe parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_schema',
    'glob sniff_csv',
  ]),
  ...refused('opens connections to PostgreSQL or runs statements there', [
    'postgres_attach postgres_execute postgres_query postgres_scan postgres_scan_pushdown',
  ]),
  ...refused('runs or completes what is written in a text, where nobody can check it', [
    'query query_table json_execute_serialized_sql sql_auto_complete histogram histogram_values',
  ]),
  ...refused('changes the engine for everybody', [
    'enable_logging disable_logging truncate_duckdb_logs enable_profiling disable_profiling',
    'enable_peg_parser disable_peg_parser check_peg_parser checkpoint force_checkpoint pg_clear_cache postgres_configure_pool',
  ]),
  ...refused('changes the lake', [
    'ducklake_add_data_files ducklake_cleanup_old_files ducklake_commit ducklake_delete_orphaned_files ducklake_expire_snapshots',
    'ducklake_flush_inlined_data ducklake_merge_adjacent_files ducklake_rewrite_data_files ducklake_set_commit_message',
    'ducklake_set_option',
  ]),
  ...refused('names a table in a text or tells about tables without asking who may read them', [
    'ducklake_current_snapshot ducklake_last_committed_snapshot ducklake_list_files ducklake_options ducklake_scan ducklake_settings',
    'ducklake_snapshots ducklake_table_changes ducklake_table_deletions ducklake_table_info ducklake_table_insertions',
  ]),
  ...refused('tells about the server', [
    'duckdb_approx_database_count duckdb_columns duckdb_connection_count duckdb_constraints duckdb_coordinate_systems',
    'duckdb_databases duckdb_dependencies duckdb_extensions duckdb_external_file_cache duckdb_functions duckdb_indexes',
    'duckdb_log_contexts duckdb_logs duckdb_logs_parsed duckdb_memory duckdb_optimizers duckdb_prepared_statements',
    'duckdb_profiling_settings duckdb_schemas duckdb_secret_types duckdb_secrets duckdb_sequences duckdb_settings',
    'duckdb_table_sample duckdb_tables duckdb_temporary_files duckdb_types duckdb_variables duckdb_views',
    'pragma_database_size pragma_metadata_info pragma_platform pragma_show pragma_storage_info pragma_table_info',
    'pragma_user_agent which_secret',
  ]),
  ...refused('is a part of DuckDB’s own plans: made-up arguments can end the engine', [
    'arrow_scan arrow_scan_dumb seq_scan test_vector_types',
  ]),
])

/** DuckLake has some of its functions under shorter names too, `lake.snapshots()`, and prefers them to a macro of that name. */
export function isLakeFunction(name: string): boolean {
  return tableFunctions.has(`ducklake_${name}`)
}

function allowed(reason: string, names: readonly string[]): [string, Verdict][] {
  return names.flatMap(line => line.split(' ')).map(name => [name, { allowed: true, reason }])
}

function refused(reason: string, names: readonly string[]): [string, Verdict][] {
  return names.flatMap(line => line.split(' ')).map(name => [name, { allowed: false, reason }])
}
