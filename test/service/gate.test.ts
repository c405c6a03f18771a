import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Grants } from '../../service/access/grants.ts'
import { Gate } from '../../service/engine/gate.ts'
import { deniedFunctions } from '../../service/engine/scalar-functions.ts'
import { tableFunctions } from '../../service/engine/table-functions.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'
import { extensionDir } from './run-service.ts'

let duckdb: DuckDBConnection
let gate: Gate
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(duckdb, extensionDir)
  gate = await Gate.open(duckdb)
})

const check = (sql: string, grants: Grants = 'all') => gate.check(sql, grants)
const tablesOf = async (sql: string) => (await check(sql)).tables.map(({ schema, name }) => `${schema}.${name}`).sort()

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
    'SELECT $a, $b FROM rides',
  ])('%s', async sql => {
    expect((await check(sql)).sql).toBe(sql)
  })

  it('a statement without what follows it', async () => {
    expect((await check('SELECT 1; ;\n')).sql).toBe('SELECT 1')
    expect((await check('SELECT 1 -- one; two\n; -- three; four')).sql).toBe('SELECT 1 -- one')
    expect((await check("SELECT ';' AS a; /* b;c */")).sql).toBe("SELECT ';' AS a")
  })
})

describe('the tables of a statement', () => {
  it.each([
    ['FROM rides, lake.rides, LAKE.MAIN."Rides", other.t', ['main.rides', 'other.t']],
    ['WITH a AS (FROM rides) FROM a', ['main.rides']],
    ['WITH a AS (FROM a) FROM a', ['main.a']],
    ['WITH a AS (FROM b), b AS (FROM a) FROM b', ['main.b']],
    ['SELECT * FROM (WITH a AS (SELECT 1) FROM a), a', ['main.a']],
    ['WITH a AS (SELECT 1) FROM main.a', ['main.a']],
    ['WITH a AS (SELECT 1) SELECT (FROM a), EXISTS (FROM hidden)', ['main.hidden']],
    ['WITH RECURSIVE r AS (FROM start UNION ALL FROM r) FROM r', ['main.start']],
    ['SELECT 1 ORDER BY (FROM hidden) LIMIT (FROM also)', ['main.also', 'main.hidden']],
    ['SELECT 1 QUALIFY row_number() OVER (ORDER BY (FROM hidden)) = 1', ['main.hidden']],
    ['SELECT [x FOR x IN [1] IF (FROM hidden)]', ['main.hidden']],
    ['FROM rides SEMI JOIN hidden ON true', ['main.hidden', 'main.rides']],
    ['DESCRIBE hidden', ['main.hidden']],
    ['SELECT 1', []],
  ])('%s', async (sql, tables) => {
    expect(await tablesOf(sql)).toEqual(tables)
  })
})

describe('grants', () => {
  const grants: Grants = [{ schema: 'main', table: 'rides' }, { schema: 'open' }]

  it('let a key read its tables and schemas', async () => {
    expect(await check('FROM rides, open.anything, "OPEN".other', grants)).toBeDefined()
    expect(await check('SELECT 42', grants)).toBeDefined()
  })

  it.each([
    ['FROM fares', 'This key has no grant for main.fares.'],
    ['SELECT (SELECT max(a) FROM secret.t) FROM rides', 'This key has no grant for secret.t.'],
    ['WITH rides AS (FROM fares) FROM rides', 'This key has no grant for main.fares.'],
    ['SHOW TABLES', 'This key may read some tables only'],
    ['SELECT * FROM information_schema.columns', 'This key may read some tables only'],
  ])('refuse %s', async (sql, reason) => {
    await expect(check(sql, grants)).rejects.toMatchObject({ code: 'statementRefused', detail: expect.stringContaining(reason) })
  })

  it('are checked for a statement that another key was let through with', async () => {
    await check('FROM kept')
    await expect(check('FROM kept', grants)).rejects.toMatchObject({ code: 'statementRefused' })
  })
})

describe('the gate refuses', () => {
  it.each([
    ['', 'The text holds no statement.'],
    ['-- nothing', 'The text holds no statement.'],
    ['SELECT 1; SELECT 2', 'The text holds 2 statements'],
    ['INSERT INTO rides VALUES (1)', 'Only queries are allowed'],
    ['EXPLAIN SELECT 1', 'Only queries are allowed'],
    ["FROM read_text('/etc/passwd')", 'The table function read_text reads files'],
    ['FROM system.main.range(3)', 'The table function system.main.range is named with a schema'],
    ['FROM lake.snapshots()', 'The table function lake.snapshots is named with a schema'],
    ["FROM no_such_function('a')", 'is not one that is known to be harmless'],
    ["FROM '/etc/passwd'", '"/etc/passwd" looks like a file'],
    ['FROM __DUCKLAKE_METADATA_LAKE.public.ducklake_table', 'the only catalog is "lake"'],
    ['FROM duckdb_secrets', "are the server's own"],
    ['SHOW DATABASES', 'Of the SHOW statements only SHOW TABLES is allowed'],
    ["SELECT current_setting('memory_limit')", 'The function current_setting tells about the server'],
  ])('%s', async (sql, reason) => {
    await expect(check(sql)).rejects.toMatchObject({ code: 'statementRefused', detail: expect.stringContaining(reason) })
  })
})

describe('asOf', () => {
  it('is put behind every table, but not behind CTEs or an AT of the statement itself', async () => {
    const { sql } = await gate.check('WITH a AS (FROM rides) SELECT * FROM a, old AT (VERSION => 1), other AS o', 'all', { version: '7' })
    expect(sql.match(/AT \(VERSION => \d+\)/g)).toEqual(['AT (VERSION => 7)', 'AT (VERSION => 1)', 'AT (VERSION => 7)'])
  })

  it('keeps every digit of a number', async () => {
    const { sql } = await gate.check('SELECT 9007199254740993, 0.12345678901234567890123, 1e300, 18446744073709551615 FROM t', 'all', {
      version: '7',
    })
    expect(sql).toContain('9007199254740993, 0.12345678901234567890123, 1e+300, 18446744073709551615')
  })

  it('takes a time', async () => {
    const { sql } = await gate.check('FROM rides', 'all', { timestamp: '2026-06-01T06:00:00+02:00' })
    expect(sql).toContain('2026-06-01T04:00:00.000Z')
  })
})

describe('a heavy text', () => {
  it.each([
    ['nested parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['nested subqueries', `${'SELECT * FROM ('.repeat(900)}SELECT 1${')'.repeat(900)}`],
    ['a long chain', `SELECT ${'1+'.repeat(50_000)}1`],
  ])('of %s gets an answer', async (_name, sql) => {
    const outcome = await check(sql).then(
      () => 'passed',
      error => error.code,
    )
    expect(['passed', 'sqlSyntax', 'statementRefused']).toContain(outcome)
    expect((await check('SELECT 1')).sql).toBe('SELECT 1')
  })
})

describe('the lists of functions', () => {
  it('judge every table function of this DuckDB, and no other', async () => {
    const reader = await duckdb.runAndReadAll(
      `SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro') ORDER BY ALL`,
    )
    const judged = [...Object.values(tableFunctions.allowed), ...Object.values(tableFunctions.denied)].flat()
    expect(judged.sort()).toEqual(reader.getRows().map(([name]) => String(name)))
  })

  it('judge every function that has a state or a side effect', async () => {
    const reader = await duckdb.runAndReadAll(`SELECT DISTINCT function_name FROM duckdb_functions()
      WHERE function_type = 'scalar' AND (stability <> 'CONSISTENT' OR has_side_effects)`)
    // Time, chance and names of the lake: of no use to anybody else.
    const harmless = `current_database current_date current_schema current_schemas gen_random_uuid get_current_time get_current_timestamp
      in_search_path now random today transaction_timestamp uuid uuidv4 uuidv7`.split(/\s+/)
    const denied = Object.values(deniedFunctions).flat()
    expect(
      reader
        .getRows()
        .map(([name]) => String(name))
        .filter(name => !harmless.includes(name) && !denied.includes(name)),
    ).toEqual([])
  })
})
