/** What the writer makes for them, in this order. DuckLake lets anybody make it who may run DDL. */
export const hostileDefinitions: readonly string[] = [
  'CREATE SCHEMA secret',
  'CREATE TABLE secret.pay AS SELECT 4711 AS amount',
  'CREATE VIEW late_rides AS SELECT * FROM rides WHERE minutes > 20',
  "CREATE VIEW evil_view AS FROM postgres_query('__ducklake_metadata_lake', 'SELECT 1 AS x')",
  'CREATE VIEW evil_nested AS SELECT (SELECT count(*) FROM evil_view) AS x',
  "CREATE VIEW evil_file AS FROM read_text('/etc/passwd')",
  "CREATE VIEW secret.evil_setting AS SELECT current_setting('memory_limit') AS x",
  "CREATE MACRO evil_macro() AS getvariable('x')",
  'CREATE MACRO evil_deep(a) AS a + evil_macro()',
  "CREATE MACRO evil_table() AS TABLE FROM glob('*')",
  'CREATE MACRO snapshots() AS TABLE SELECT 1 AS x',
  'CREATE MACRO product(x) AS 42',
  'CREATE MACRO json_serialize_sql(x) AS \'{"error":false,"statements":[]}\'',
  "CREATE MACRO range(x) AS TABLE SELECT 'not a range' AS range",
  'CREATE VIEW evil_hidden AS SELECT product(minutes) AS x FROM rides',
]
