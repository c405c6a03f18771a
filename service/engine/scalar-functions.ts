/** Scalar functions that a caller's statement may not use, by the reason. All others only look at their arguments. */
export const deniedFunctions: Readonly<Record<string, readonly string[]>> = {
  'tells about the server or about other statements': [
    'current_connection_id',
    'current_query',
    'current_query_id',
    'current_setting',
    'current_transaction_id',
    'get_block_size',
    'getenv',
    'getvariable',
    'inet_client_addr',
    'inet_client_port',
    'inet_server_addr',
    'inet_server_port',
    'pg_conf_load_time',
    'pg_postmaster_start_time',
    'stats',
    'txid_current',
  ],
  'changes something that other statements see': ['currval', 'nextval', 'setseed', 'write_log'],
  'only takes time': ['pg_sleep', 'sleep_ms'],
  'plans or runs SQL out of a text, past this check': ['json_execute_serialized_sql', 'json_serialize_plan', 'query', 'query_table'],
  'raises an error on purpose': ['error'],
}

const reasons = new Map(Object.entries(deniedFunctions).flatMap(([reason, names]) => names.map(name => [name, reason] as const)))

/** Why a function may not be used, as the end of a sentence; nothing if it may. */
export function functionRefusal(name: string): string | undefined {
  return reasons.get(name)
}
