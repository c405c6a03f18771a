import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Grants } from '../../service/access/grants.ts'
import { Gate } from '../../service/engine/gate.ts'
import { type OpenLake, openLake } from './open-lake.ts'

let lake: OpenLake
let gate: Gate
beforeAll(async () => {
  lake = await openLake()
  for (const sql of [
    'CREATE SCHEMA secret',
    'CREATE TABLE secret.pay AS SELECT 1 AS amount',
    'CREATE VIEW late_rides AS FROM rides WHERE minutes > 20',
    'CREATE VIEW wages AS SELECT amount FROM secret.pay',
    'CREATE MACRO plus_one(x) AS x + 1',
    'CREATE MACRO first_rides(n) AS TABLE FROM rides LIMIT n',
    'CREATE MACRO secret.highest() AS (SELECT max(amount) FROM secret.pay)',
    'CREATE MACRO secret.unclear() AS (SELECT max(minutes) FROM rides)',
  ]) {
    await lake.writer.run(sql)
  }
  gate = new Gate(lake.reader)
})
afterAll(() => lake.close())
beforeEach(() => refresh())

async function refresh(): Promise<void> {
  const [snapshot] = (await lake.reader.runAndReadAll('FROM lake.current_snapshot()')).getRows()
  await gate.refresh(BigInt(String(snapshot?.[0])))
}

const names = async (sql: string, grants?: Grants) =>
  (await gate.check(sql, { ...(grants && { grants }) })).tables.map(({ schema, name }) => `${schema}.${name}`)
const refusal = async (sql: string, grants?: Grants) =>
  gate.check(sql, { ...(grants && { grants }) }).then(
    () => 'let through',
    (error: { detail: string }) => error.detail,
  )

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
    'SELECT $name, $other',
    'SELECT ?, $1',
    "PIVOT rides ON from_station IN ('Harbour') USING sum(fares)",
    'SELECT plus_one(1), lake.main.plus_one(2)',
    'FROM first_rides(3)',
  ])('%s', async sql => {
    expect((await gate.check(sql)).sql).toBe(sql)
  })

  it('a statement without what follows it', async () => {
    const cut = async (sql: string) => (await gate.check(sql)).sql
    expect(await cut('SELECT 1; ;\n')).toBe('SELECT 1')
    expect(await cut('SELECT 1 -- one; two\n; -- three; four')).toBe('SELECT 1 -- one')
    expect(await cut("SELECT ';' AS a; /* b;c */")).toBe("SELECT ';' AS a")
    expect(await cut(';SELECT 1;')).toBe(' SELECT 1')
  })

  it('and says which tables it names', async () => {
    expect(await names('FROM secret.pay, rides, lake.rides, LAKE.main."rides", late_rides')).toEqual([
      'main.late_rides',
      'main.rides',
      'secret.pay',
    ])
    expect(await names('WITH rides AS (SELECT 1) FROM rides')).toEqual([])
    expect(await names('WITH rides AS (FROM rides) FROM rides')).toEqual(['main.rides'])
    expect(await names('WITH rides AS (SELECT 1) FROM main.rides')).toEqual(['main.rides'])
    expect(await names('WITH rides AS (SELECT 1) FROM lake.rides')).toEqual(['main.rides'])
    expect(await names('FROM (WITH rides AS (SELECT 1) FROM rides) a, rides')).toEqual(['main.rides'])
    expect(await names('WITH a AS (FROM b), b AS (SELECT 1) FROM a, b')).toEqual(['main.b'])
    expect(await names('SELECT secret.highest() FROM first_rides(2)')).toEqual(['main.rides', 'secret.pay'])
    expect(await names('FROM Rides, rides, RIDES')).toHaveLength(1)
    // The Kelvin sign is no k to DuckDB.
    expect(await names('FROM k, \u212a')).toEqual(['main.k', 'main.\u212a'])
  })

  it('and says whether its order counts', async () => {
    const ordered = async (sql: string) => (await gate.check(sql)).ordered
    expect(await ordered('FROM rides ORDER BY 1')).toBe(true)
    expect(await ordered('FROM rides UNION FROM rides ORDER BY 1')).toBe(true)
    expect(await ordered('FROM (FROM rides ORDER BY 1)')).toBe(false)
  })
})

describe('the gate refuses, and names what and why', () => {
  it.each([
    ['', 'The text holds no statement.'],
    ['-- nothing', 'The text holds no statement.'],
    ['SELECT 1; SELECT 2', 'The text holds 2 statements: send them one by one.'],
    [
      'INSERT INTO rides VALUES (1)',
      'Only queries are allowed: SELECT, FROM, VALUES, DESCRIBE, SHOW TABLES or SUMMARIZE. What changes the lake goes to POST /v1/statements.',
    ],
    [
      "FROM read_text('/etc/passwd')",
      'The table function read_text is not allowed: it reads files or addresses, which only tables of the lake may do.',
    ],
    [
      'FROM nowhere(3)',
      'The table function nowhere is not allowed: a statement may read tables, and use range, generate_series, unnest, repeat, json_each and the like.',
    ],
    ['FROM system.main.range(3)', 'The table function system.main.range is not allowed: call it by its name alone, range(…).'],
    ['FROM lake.snapshots()', 'The table function lake.snapshots is not allowed: it tells about tables without asking who may read them.'],
    ["FROM 's3://bucket/a.parquet'", '"s3://bucket/a.parquet" looks like a file: only tables of the lake can be read.'],
    ['FROM rides.parquet', '"rides.parquet" looks like a file: only tables of the lake can be read.'],
    ['FROM __DUCKLAKE_METADATA_LAKE.public.x', '__DUCKLAKE_METADATA_LAKE.public.x is not a table of the lake: it belongs to the server.'],
    ['FROM main.duckdb_settings', 'main.duckdb_settings is not a table of the lake: names with this beginning are DuckDB’s own.'],
    ['SHOW ALL TABLES', 'Of the SHOW statements only SHOW TABLES is allowed: DESCRIBE shows a table.'],
    ["SELECT system.main.getvariable('a')", 'The function system.main.getvariable is not allowed: it tells about the server.'],
    [
      "SELECT list_transform([1], lambda x: write_log('a'))",
      'The function write_log is not allowed: it has an effect that lasts longer than the statement.',
    ],
    ['FROM late_rides AT (VERSION => 1)', 'late_rides is or was a view, which takes no AT clause: name the tables that it reads.'],
    ['SELECT secret.unclear()', 'The lake’s macro secret.unclear reads rides without saying of which schema.'],
    ['SELECT \0', 'The statement holds a NUL character.'],
    ['SELECT ?, $a', 'The statement mixes named parameters ($name) with numbered ones (?, $1): use one kind.'],
    [
      `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
      'The statement is nested too deeply: DuckDB takes 1000 levels. Split it with WITH.',
    ],
    ['x'.repeat(1_048_577), 'The statement has 1048577 characters, 1048576 are allowed.'],
  ])('%.40s', async (sql, detail) => {
    expect(await refusal(sql)).toBe(detail)
  })

  it('what a new view or macro of the lake does, and no longer when it is gone', async () => {
    await gate.check('SELECT sum(fares), [1][1] FROM rides')
    await lake.writer.run('CREATE MACRO sum(x) AS 42')
    await lake.writer.run("CREATE VIEW peep AS FROM read_text('/etc/hostname')")
    await refresh()
    expect(await refusal('SELECT sum(fares) FROM rides')).toBe(
      'The lake’s macro main.sum hides DuckDB’s own function, which this statement needs: drop or rename it.',
    )
    expect(await refusal('SUMMARIZE rides')).toContain('The lake’s macro main.sum hides')
    expect(await refusal('FROM peep')).toBe(
      'The lake’s view main.peep may not be used. The table function read_text is not allowed: it reads files or addresses, which only tables of the lake may do.',
    )
    expect(await refusal('SELECT 1 + 1')).toBe('let through')
    // What is behind `[1][1]` is in no tree.
    await lake.writer.run('CREATE MACRO array_extract(a, b) AS 42')
    await refresh()
    expect(await refusal('SELECT 1 + 1')).toContain('The lake’s macro main.array_extract hides')
    for (const sql of ['DROP MACRO sum', 'DROP MACRO array_extract', 'DROP VIEW peep']) await lake.writer.run(sql)
    await refresh()
    expect(await refusal('SELECT sum(fares), [1][1] FROM rides')).toBe('let through')
  })
})

describe('grants', () => {
  const grants: Grants = [{ schema: 'main', table: 'wages' }, { schema: 'secret', table: 'PAY' }, { schema: 'public' }]

  it('are on tables, and on views without what those read', async () => {
    expect(await names('FROM wages, secret.pay, public.anything', grants)).toEqual(['main.wages', 'public.anything', 'secret.pay'])
    expect(await names('SELECT secret.highest()', grants)).toEqual(['secret.pay'])
    expect(await refusal('SELECT * FROM wages WHERE amount IN (SELECT 1 FROM rides)', grants)).toBe(
      'There is no table main.rides that this key may read.',
    )
    expect(await refusal('FROM first_rides(1)', grants)).toBe('There is no table main.rides that this key may read.')
    expect(await refusal('SUMMARIZE rides', grants)).toBe('There is no table main.rides that this key may read.')
  })

  it('keep the list of tables to themselves', async () => {
    for (const sql of ['SHOW TABLES', 'FROM information_schema.tables', 'SELECT (SELECT max(x) FROM (SHOW TABLES) t(x))']) {
      expect(await refusal(sql, grants)).toBe('This key may read some tables only: GET /v1/tables lists them.')
      expect(await refusal(sql)).toBe('let through')
    }
  })

  it('may be none at all', async () => {
    expect(await refusal('FROM rides', [])).toBe('There is no table main.rides that this key may read.')
    expect(await refusal('SELECT 1', [])).toBe('let through')
  })
})
