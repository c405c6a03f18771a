import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { inspectStatement } from '../../service/engine/inspect-statement.ts'
import { serialize, statementOf } from '../../service/engine/statement-tree.ts'
import { fuzzSeed } from '../fuzz-seed.ts'

let duckdb: DuckDBConnection
beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect()
})

const name = fc.constantFrom('a', 'b', 'c', 'B', 'main.a')
const cteName = fc.constantFrom('a', 'b', 'A')

/** Queries in which tables and CTEs have the same few names, at every depth. */
const { query } = fc.letrec<{ query: string; source: string; cte: string }>(tie => ({
  source: fc.oneof(
    { maxDepth: 4 },
    name,
    tie('query').map(query => `(${query}) x`),
  ),
  cte: fc.oneof(
    fc.tuple(cteName, tie('query')).map(([name, query]) => `${name} AS (${query})`),
    fc
      .tuple(cteName, tie('query'), tie('source'))
      .map(([name, left, source]) => `${name} AS ((${left}) UNION ALL SELECT 1 FROM ${source})`),
  ),
  query: fc.oneof(
    { maxDepth: 4 },
    name.map(name => `SELECT 1 FROM ${name}`),
    fc.tuple(tie('source'), tie('source')).map(([left, right]) => `SELECT 1 FROM ${left}, ${right} y`),
    fc
      .tuple(fc.array(tie('cte'), { minLength: 1, maxLength: 3 }), fc.boolean(), tie('query'))
      .map(([ctes, recursive, query]) => `WITH ${recursive ? 'RECURSIVE ' : ''}${ctes.join(', ')} SELECT 1 FROM (${query}) z`),
    fc.tuple(tie('query'), tie('query')).map(([left, right]) => `(${left}) UNION ALL (${right})`),
    fc.tuple(name, tie('query')).map(([name, query]) => `SELECT 1 FROM ${name} WHERE 1 IN (${query}) ORDER BY (${query})`),
  ),
}))

it('every table that DuckDB finds behind the CTEs is found', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(query, async sql => {
      const tree = await serialize(duckdb, sql)
      const theirs = tableNames(sql)
      // A name twice in one WITH, for example, or a recursion that is none.
      if (tree.includes('"error":true') || theirs === undefined) return
      compared += 1
      const { tables } = inspectStatement(statementOf(tree, sql))
      const ours = new Set(tables.map(({ schema, name }) => (schema === '' ? name : `${schema}.${name}`).toLowerCase()))
      // DuckDB does not look into CTEs that nobody reads: ours may be more.
      expect(theirs.filter(name => !ours.has(name))).toEqual([])
    }),
    { seed: fuzzSeed, numRuns: 1_000 },
  )
  expect(compared).toBeGreaterThan(300)
})

/** Undefined for what DuckDB does not bind. */
function tableNames(sql: string): string[] | undefined {
  try {
    return duckdb.getTableNames(sql, true).map(name => name.toLowerCase().replace(' as y', ''))
  } catch {
    return undefined
  }
}
