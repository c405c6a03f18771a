import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeJson } from '../../service/engine/encode-json.ts'
import { jsonLine } from '../../service/engine/json-projection.ts'

const cases = [
  ['NULL', null],
  ['true', true],
  ['2147483647', 2_147_483_647],
  ['9007199254740993::BIGINT', '9007199254740993'],
  ["'-170141183460469231731687303715884105728'::HUGEINT", '-170141183460469231731687303715884105728'],
  ['1.10::DECIMAL(38, 2)', '1.10'],
  ['0.1::DOUBLE', 0.1],
  ["'NaN'::DOUBLE", 'NaN'],
  ['0.1::FLOAT', Math.fround(0.1)],
  ["'inf'::FLOAT", 'Infinity'],
  ['1e300::DOUBLE', 1e300],
  ['NULL::DOUBLE', null],
  ['\'{"a": 1}\'::JSON', '{"a": 1}'],
  ["TIMESTAMP_S '2026-06-01 06:00:00'", '2026-06-01T06:00:00.000000'],
  ["TIMESTAMP_MS '2026-06-01 06:00:00.5'", '2026-06-01T06:00:00.500000'],
  ["'-infinity'::TIMESTAMPTZ", '-infinity'],
  ["TIMETZ '06:00:00+02'", '06:00:00+02'],
  ["'-inf'::FLOAT", '-Infinity'],
  ["'line\nbreak'", 'line\nbreak'],
  ["DATE '2026-06-01'", '2026-06-01'],
  ["TIME '06:00:00.5'", '06:00:00.5'],
  ["TIMESTAMP '2026-06-01 06:00:00'", '2026-06-01T06:00:00.000000'],
  ["TIMESTAMP_NS '2026-06-01 06:00:00.123456789'", '2026-06-01T06:00:00.123456789'],
  ["'infinity'::TIMESTAMP", 'infinity'],
  ["TIMESTAMPTZ '2026-06-01 06:00:00+02'", '2026-06-01T04:00:00.000000Z'],
  ["INTERVAL '1 year 2 days 3 seconds'", '1 year 2 days 00:00:03'],
  ["'\\xAA'::BLOB", 'qg=='],
  ["'0101'::BIT", '0101'],
  ["'6c0cfd5c-9026-4540-b7b2-16f9bab796a7'::UUID", '6c0cfd5c-9026-4540-b7b2-16f9bab796a7'],
  ["'a'::ENUM('a', 'b')", 'a'],
  ['[1, NULL]::BIGINT[]', ['1', null]],
  ['[1, 2]::INTEGER[2]', [1, 2]],
  ["['NaN'::DOUBLE, NULL, 1]", ['NaN', null, 1]],
  ["[TIMESTAMP '2026-06-01 06:00:00']", ['2026-06-01T06:00:00.000000']],
  ["[{'a': [1::BIGINT]}, NULL]", [{ a: ['1'] }, null]],
  ['NULL::STRUCT(a BIGINT)', null],
  ["{'Odd \"name': 1::BIGINT}", { 'Odd "name': '1' }],
  ["{'a': 1::BIGINT, 'b': {'c': DATE '2026-06-01'}}", { a: '1', b: { c: '2026-06-01' } }],
  ["MAP {'k': 1.5::DECIMAL(3, 1)}", [{ key: 'k', value: '1.5' }]],
  ['union_value(n := 1)', '1'],
] as const

let duckdb: DuckDBConnection
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await duckdb.run("SET TimeZone = 'UTC'")
})

it.each(cases)('%s', async (sql, expected) => {
  const [row] = (await duckdb.runAndReadAll(`SELECT ${sql}`)).getRows()
  expect(row?.map(encodeJson)).toEqual([expected])
})

describe('DuckDB’s own writer gives the same for', () => {
  it.each(cases)('%s', async (sql, expected) => {
    expect(await lines(`SELECT ${sql}`)).toEqual([[expected]])
  })
})

it('rows with and without numbers that JSON lacks stand beside each other', async () => {
  const sql = "FROM (VALUES (1.5::DOUBLE, 'inf'::FLOAT, 1), ('NaN', NULL, NULL), (NULL, 1.5, 3), (NULL, NULL, 4), (2, 2.5, 5))"
  const rows = [
    [1.5, 'Infinity', 1],
    ['NaN', null, null],
    [null, 1.5, 3],
    [null, null, 4],
    [2, 2.5, 5],
  ]
  expect(await lines(sql)).toEqual(rows)
})

/** The rows of a statement as the lines of NDJSON give them. */
async function lines(sql: string): Promise<unknown[][]> {
  const types = (await duckdb.run(sql)).columnTypes()
  const names = types.map((_, index) => `c${index}`)
  const reader = await duckdb.runAndReadAll(`SELECT ${jsonLine(names, types)} FROM (${sql}) AS result(${names.join(', ')})`)
  return reader.getRows().map(([line]) => Object.values(JSON.parse(String(line))))
}
