import { describe, expect, it } from 'vitest'
import { explainedBy } from '../../service/workbench/sql/explained-by.ts'
import { kindOf, parametersOf, statementAt, statementsOf } from '../../service/workbench/sql/statements.ts'

describe('the statements of a text', () => {
  it('ends them at semicolons that stand in no text, name or comment', () => {
    const text = `-- first; really\nSELECT ';' AS ";", $$a;b$$, $q$ ; $$ $q$ /* ; */ ;; SELECT e'\\';' ; `
    expect(statementsOf(text).map(({ sql }) => sql)).toEqual([`SELECT ';' AS ";", $$a;b$$, $q$ ; $$ $q$`, `SELECT e'\\';'`])
  })

  it('takes what is open to the end of the text', () => {
    expect(statementsOf("SELECT 'a; SELECT 2").map(({ sql }) => sql)).toEqual(["SELECT 'a; SELECT 2"])
    expect(statementsOf('/* a; SELECT 2')).toEqual([])
  })

  it('counts places as JavaScript does', () => {
    expect(statementsOf('😀; é')).toEqual([
      { from: 0, to: 2, sql: '😀' },
      { from: 4, to: 5, sql: 'é' },
    ])
  })

  it.each([
    [3, 'SELECT 1'],
    [9, 'SELECT 1'],
    [10, 'SELECT 2'],
    [11, 'SELECT 2'],
    [30, 'SELECT 2'],
  ])('finds the one at %i', (cursor, sql) => {
    expect(statementAt('SELECT 1;\n\nSELECT 2;  -- end    ', cursor)?.sql).toBe(sql)
  })

  it('finds none in nothing', () => {
    expect(statementAt(' -- only a comment', 3)).toBeUndefined()
  })
})

it.each([
  ["SELECT $a, $b, $a, '$c', $$ $d $$", ['a', 'b']],
  ['SELECT $2, $1 -- $3', ['2', '1']],
  ['SELECT a$b', []],
  ['SELECT $größe', ['größe']],
])('finds the parameters of %s', (sql, names) => {
  expect(parametersOf(sql)).toEqual(names)
})

it.each([
  ['select 1', 'read'],
  ['-- DROP\nFROM t', 'read'],
  ['/* a */ insert into t values (1)', 'write'],
  ['WITH a AS (SELECT 1) SELECT * REPLACE (2 AS b) FROM a', 'read'],
  ['WITH a AS (SELECT 1) DELETE FROM t', 'write'],
  ['explain select 1', 'plan'],
  ['', 'read'],
])('takes %s for one to %s', (sql, kind) => {
  expect(kindOf(sql)).toBe(kind)
})

it.each([
  ['EXPLAIN SELECT 1', 'SELECT 1', false],
  ['explain /* ; */ analyze FROM t', 'FROM t', true],
  ['EXPLAIN (FORMAT json) FROM t', 'FROM t', false],
  ['EXPLAIN (ANALYZE, FORMAT json) (SELECT 1)', '(SELECT 1)', true],
  ['EXPLAIN (SELECT 1)', '(SELECT 1)', false],
  ['EXPLAIN', '', false],
])('finds what %s is about', (sql, about, analyze) => {
  const found = explainedBy(sql)
  expect([sql.slice(found.start), found.analyze]).toEqual([about, analyze])
})
