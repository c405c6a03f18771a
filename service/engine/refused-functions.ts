/** Scalar functions, aggregates and macros that a statement may not call, and why: the reason goes on after "The function … is not allowed: it". */
export const refusedFunctions: ReadonlyMap<string, string> = new Map([
  ...each('has an effect that lasts longer than the statement', 'nextval currval setseed write_log'),
  ...each('only holds the engine up', 'sleep_ms pg_sleep'),
  ...each('tells about the server', 'current_setting getvariable stats get_block_size pg_get_constraintdef pg_get_viewdef format_type'),
  ...each('tells about the engine’s own work', 'current_query current_query_id current_connection_id current_transaction_id txid_current'),
  // Our own errors are told apart by DuckDB's words.
  ...each('lets a statement end with words that look like an error of the server', 'error'),
  ...each('plans what is written in a text, where nobody can check it', 'json_serialize_plan'),
  ...each(
    'is a part of DuckDB’s own plans: made-up arguments can end the engine',
    'combine finalize remap_struct variant_bytes_to_variant variant_normalize variant_to_parquet_variant',
  ),
])

/** DuckDB's plans are full of functions with this beginning, statements never. */
export const refusedBeginning = '__internal_'

function each(reason: string, names: string): [string, string][] {
  return names.split(' ').map(name => [name, reason])
}
