/** The most connections that a server takes. */
export const maxConnections = 400

/** PostgreSQL's settings that both providers share: what the log must say for it to be parsed, and what the catalog needs.
 * @see https://www.postgresql.org/docs/current/runtime-config-logging.html */
export const postgresSettings = {
  // DuckLake decides by English words in an error whether it may retry a commit; in other languages commits are lost.
  lc_messages: 'C',
  // Each engine of the service holds up to four, and during an update there is one pod more.
  max_connections: `${maxConnections}`,
  // Log parsers read an unknown time zone's abbreviation as offset 0.
  log_timezone: 'UTC',
  // Time, process, SQLSTATE, kind of process; then, for clients only, who. A client chooses its application's name, so that may hold
  // `] PANIC:  `, but never a TAB: behind that one the server's own words begin.
  log_line_prefix: '%m [%p] %e %b %q[user=%u,db=%d,host=%h,app=%a]\t',
  log_min_duration_statement: '500ms',
  // Bound values carry users' data. 64 bytes still show which queue a PGMQ call meant, whose name has at most 47.
  log_parameter_max_length: '64',
  log_parameter_max_length_on_error: '0',
  log_connections: 'on',
  log_disconnections: 'on',
  log_checkpoints: 'on',
  log_lock_waits: 'on',
  log_temp_files: '0',
  log_autovacuum_min_duration: '0',
} as const
