import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { encodeJson } from '../../service/engine/encode-json.ts'

const cases = [
  ['NULL', null],
  ['true', true],
  ['2147483647', 2_147_483_647],
  ['9007199254740993::BIGINT', '9007199254740993'],
  ["'-170141183460469231731687303715884105728'::HUGEINT", '-170141183460469231731687303715884105728'],
  ['1.10::DECIMAL(38, 2)', '1.10'],
  ['0.1::DOUBLE', 0.1],
  ["'NaN'::DOUBLE", 'NaN'],
  ["'-inf'::FLOAT", '-Infinity'],
  ["'line\nbreak'", 'line\nbreak'],
  ["DATE '2026-06-01'", '2026-06-01'],
  ["TIME '06:00:00.5'", '06:00:00.5'],
  ["TIMESTAMP '2026-06-01 06:00:00'", '2026-06-01T06:00:00'],
  ["TIMESTAMP_NS '2026-06-01 06:00:00.123456789'", '2026-06-01T06:00:00.123456789'],
  ["'infinity'::TIMESTAMP", 'infinity'],
  ["TIMESTAMPTZ '2026-06-01 06:00:00+02'", '2026-06-01T04:00:00Z'],
  ["INTERVAL '1 year 2 days 3 seconds'", { months: 12, days: 2, micros: '3000000' }],
  ["'\\xAA'::BLOB", 'qg=='],
  ["'0101'::BIT", '0101'],
  ["'6c0cfd5c-9026-4540-b7b2-16f9bab796a7'::UUID", '6c0cfd5c-9026-4540-b7b2-16f9bab796a7'],
  ["'a'::ENUM('a', 'b')", 'a'],
  ['[1, NULL]::BIGINT[]', ['1', null]],
  ['[1, 2]::INTEGER[2]', [1, 2]],
  ["{'a': 1::BIGINT, 'b': {'c': DATE '2026-06-01'}}", { a: '1', b: { c: '2026-06-01' } }],
  ["MAP {'k': 1.5::DECIMAL(3, 1)}", [{ key: 'k', value: '1.5' }]],
  ['union_value(n := 1)', { tag: 'n', value: 1 }],
] as const

it.each(cases)('%s', async (sql, expected) => {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  const [row] = (await duckdb.runAndReadAll(`SELECT ${sql}`)).getRows()
  expect(row?.map(encodeJson)).toEqual([expected])
})
