import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { implicitFunctions, isBuiltin, judgedFunctions } from '../../service/engine/builtin-functions.ts'
import { refusedFunctions } from '../../service/engine/refused-functions.ts'
import { tableFunctions } from '../../service/engine/table-functions.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'
import { extensionDir } from './run-service.ts'

let duckdb: DuckDBConnection
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
  await loadExtensions(duckdb, extensionDir)
})

/** The names of DuckDB's own functions of some kinds, in lower case. */
async function namesOf(...kinds: string[]): Promise<string[]> {
  const list = kinds.map(kind => `'${kind}'`).join(', ')
  const reader = await duckdb.runAndReadAll(
    `SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type IN (${list}) ORDER BY 1`,
  )
  return reader.getRows().map(row => String(row[0]))
}

describe('every function of this DuckDB is judged', () => {
  it('table functions: none is missing, none is made up', async () => {
    expect([...tableFunctions.keys()].sort()).toEqual(await namesOf('table', 'table_macro'))
  })

  it('pragmas are no table functions, unless they are judged as such', async () => {
    const callable: string[] = []
    for (const name of await namesOf('pragma')) {
      if (tableFunctions.has(name)) continue
      await duckdb.prepare(`FROM ${name}()`).then(
        () => callable.push(name),
        () => {},
      )
    }
    expect(callable).toEqual([])
  })

  it('others: none is missing, none is made up or in both lists', async () => {
    const real = await namesOf('scalar', 'aggregate', 'macro')
    expect(real.filter(name => !isBuiltin(name))).toEqual([])
    expect([...judgedFunctions, ...refusedFunctions.keys()].filter(name => !real.includes(name))).toEqual([])
    expect([...judgedFunctions].filter(name => refusedFunctions.has(name))).toEqual([])
    expect(judgedFunctions.size).toBeGreaterThan(500)
  })

  it('those that are called without their name are DuckDB’s', () => {
    expect([...implicitFunctions].filter(name => !isBuiltin(name))).toEqual([])
  })
})

/** One statement for each way to call a function without its name. */
const forms = [
  'SELECT s.b FROM t',
  'SELECT (s).b, s.* FROM t',
  'SELECT l[1], m[1], v[1], l[1:2], v[1:2] FROM t',
  "SELECT * LIKE 'a%' FROM t",
  'UNPIVOT (SELECT a, f FROM t) ON a, f',
  'SELECT union_value(k := 1).k',
  'SELECT t FROM t',
  'SELECT j.a FROM t',
  'PIVOT t ON a IN (1, 2) USING max(f)',
  'SELECT a FROM t WHERE a BETWEEN 1 AND 2 AND a IN (SELECT a FROM t)',
  'SELECT DISTINCT ON (a) a FROM t ORDER BY v COLLATE de',
  "SELECT ts::DATE, '1'::INT, 1::VARCHAR, ts AT TIME ZONE 'UTC' FROM t",
  'SELECT unnest(l), unnest(s, recursive := true), CASE a WHEN 1 THEN 2 END FROM t',
  'SELECT a = ANY (SELECT 2), ARRAY(SELECT 1), GROUPING(a) FROM t GROUP BY CUBE (a)',
]

it('a macro can change no statement that does not name it, unless its name is on the list', async () => {
  await duckdb.run(`CREATE TABLE t AS SELECT 1 AS a, {b: 1} AS s, [1] AS l, MAP {1: 1} AS m, 'x' AS v, 0.5 AS f, '{"a": 1}'::JSON AS j,
    TIMESTAMPTZ '2026-06-01' AS ts`)
  const tree = async (sql: string) =>
    String((await duckdb.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])).getRows()[0]?.[0])
  const answer = (sql: string) =>
    duckdb.runAndReadAll(sql).then(
      reader => JSON.stringify(reader.getRowsJson().map(String).sort()),
      (error: Error) => error.message,
    )
  const plain = new Map<string, { readonly tree: string; readonly answer: string }>()
  for (const sql of forms) plain.set(sql, { tree: await tree(sql), answer: await answer(sql) })
  const changed = new Set<string>()
  for (const name of [...judgedFunctions].filter(name => name !== 'json_serialize_sql')) {
    await duckdb.run(`CREATE MACRO memory.main."${name}"() AS 'S', (p) AS 'S', (p, q) AS 'S', (p, q, r) AS 'S'`)
    for (const [sql, before] of plain) {
      if (!before.tree.includes(`"function_name":"${name}"`) && (await answer(sql)) !== before.answer) changed.add(name)
    }
    await duckdb.run(`DROP MACRO memory.main."${name}"`)
  }
  expect([...changed].sort()).toEqual([...implicitFunctions].sort())
})
