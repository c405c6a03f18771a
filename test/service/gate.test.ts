import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { gateSql } from '../../service/engine/gate-sql.ts'

let duckdb: DuckDBConnection
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
})

describe('the gate lets through', () => {
  it.each([
    'SELECT 1',
    'FROM rides',
    'FROM lake.main.rides AT (VERSION => 3)',
    'VALUES (1), (2)',
    'DESCRIBE rides',
    'SUMMARIZE rides',
    'SHOW TABLES',
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 9) FROM r',
    'SELECT * FROM range(9), generate_series(1, 2)',
    'SELECT list_transform([1, 2], lambda x: x + 1)',
    'SELECT table_name FROM information_schema.tables',
    'SELECT \'a;b\', "semi;colon" FROM rides',
  ])('%s', async sql => {
    expect(await gateSql(duckdb, sql)).toBe(sql)
  })

  it('a statement without what follows it', async () => {
    expect(await gateSql(duckdb, 'SELECT 1; ;\n')).toBe('SELECT 1')
    expect(await gateSql(duckdb, 'SELECT 1 -- one; two\n; -- three; four')).toBe('SELECT 1 -- one')
    expect(await gateSql(duckdb, "SELECT ';' AS a; /* b;c */")).toBe("SELECT ';' AS a")
  })
})

describe('the gate refuses', () => {
  it.each([
    ['', 'The text holds no statement.'],
    ['-- nothing', 'The text holds no statement.'],
    ['SELECT 1; SELECT 2', 'The text holds 2 statements'],
    ['INSERT INTO rides VALUES (1)', 'Only queries are allowed'],
    ["ATTACH 'x' AS y", 'Only queries are allowed'],
    ["COPY rides TO 'x'", 'Only queries are allowed'],
    ['CREATE SECRET s (TYPE s3)', 'Only queries are allowed'],
    ['SET threads = 1', 'Only queries are allowed'],
    ["CALL enable_logging(storage_path = '/x')", 'Only queries are allowed'],
    ['PRAGMA database_list', 'Only queries are allowed'],
    ['EXPLAIN SELECT 1', 'Only queries are allowed'],
    ["FROM read_text('/etc/passwd')", 'The table function read_text is not allowed'],
    ["FROM enable_logging(storage_path = '/x')", 'The table function enable_logging is not allowed'],
    ["SELECT (SELECT max(x) FROM query('SELECT 1 AS x'))", 'The table function query is not allowed'],
    ["WITH a AS (FROM glob('*')) FROM a", 'The table function glob is not allowed'],
    ["SELECT [x FOR x IN [1] IF EXISTS (FROM postgres_query('a', 'b'))]", 'The table function postgres_query is not allowed'],
    ['FROM system.main.range(3)', 'The table function system.main.range is not allowed'],
    ['FROM lake.snapshots()', 'The table function lake.snapshots is not allowed'],
    ["FROM ducklake_cleanup_old_files('lake', cleanup_all => true)", 'The table function ducklake_cleanup_old_files is not allowed'],
    ["FROM '/etc/passwd'", '"/etc/passwd" looks like a file'],
    ["FROM 's3://bucket/a.parquet'", '"s3://bucket/a.parquet" looks like a file'],
    ['FROM "a.parquet"', '"a.parquet" looks like a file'],
    ['FROM __ducklake_metadata_lake.public.ducklake_table', 'it belongs to the server'],
    ['FROM __DUCKLAKE_METADATA_LAKE.public.ducklake_table', 'it belongs to the server'],
    ['FROM pg_catalog.pg_class', 'it belongs to the server'],
    ['FROM system.information_schema.tables', 'it belongs to the server'],
    ['FROM duckdb_secrets', 'are DuckDB’s own'],
    ['FROM main.duckdb_settings', 'are DuckDB’s own'],
    ['SHOW DATABASES', 'Of the SHOW statements only SHOW TABLES is allowed'],
    ['SHOW ALL TABLES', 'Of the SHOW statements only SHOW TABLES is allowed'],
    ["SELECT current_setting('memory_limit')", 'The function current_setting is not allowed'],
    ["SELECT system.main.getvariable('a')", 'The function getvariable is not allowed'],
    ["SELECT list_transform([1], lambda x: write_log('a'))", 'The function write_log is not allowed'],
  ])('%s', async (sql, reason) => {
    await expect(gateSql(duckdb, sql)).rejects.toMatchObject({ code: 'statementRefused', detail: expect.stringContaining(reason) })
  })
})
