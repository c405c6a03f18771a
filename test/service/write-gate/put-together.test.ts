import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Gate } from '../../../service/engine/gate.ts'
import { checkWrite } from '../../../service/engine/write-gate/write-gate.ts'
import { fuzzSeed } from '../../fuzz-seed.ts'
import { openWriteSession, type WriteSession } from './write-session.ts'

let session: WriteSession
beforeAll(async () => {
  session = await openWriteSession()
  const { writer } = session.lake
  await writer.run(`CREATE TABLE t AS SELECT i AS a, 'row ' || i AS b, i % 3 = 0 AS c FROM range(20) r(i)`)
  await writer.run(`CREATE TABLE u AS SELECT i * 2 AS a, 'other ' || i AS b FROM range(15) r(i)`)
})
afterAll(() => session.close())

// Without wide spaces: DuckDB itself reads one behind a comment with a quote in it as a letter.
const gap = fc.constantFrom(' ', '\n', ' /* ; */ ', " /* ' */ ", ' -- "\n', '\t', '/* /* x */ */', ' ')
const text = fc.constantFrom("'x'", "'it''s'", "E'a\\\\b\\n'", '$$;--$$', "$q$ '' $q$", "'\u00a0\u200b'", "'a'\n'b'", "'/*'")
const number = fc.constantFrom('0', '1', '2', '7', '1.5', '1e1')

const { condition, value } = fc.letrec<{ condition: string; value: string }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      't.c',
      't.a % 2 = 0',
      't.b IS NOT DISTINCT FROM t.b',
      "t.b LIKE '%1%'",
      't.a IN (SELECT a FROM u)',
      't.a BETWEEN 3 AND 9',
    ),
    fc.tuple(tie('condition'), fc.constantFrom(' AND ', ' OR '), tie('condition')).map(parts => parts.join('')),
    tie('condition').map(inner => `NOT (${inner})`),
    tie('value').map(inner => `t.a <> ${inner}`),
    tie('value').map(inner => `t.a IS DISTINCT FROM ${inner}`),
  ),
  value: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.constantFrom('t.a', 't.a + 1', '(SELECT max(a) FROM u)', 'length(t.b)', '[1, 2][1]', "{'a': 3}.a"),
    fc.tuple(tie('condition'), tie('value')).map(([when, then]) => `CASE WHEN ${when} THEN ${then} ELSE 4 END`),
    fc.tuple(tie('value'), tie('value')).map(([left, right]) => `(${left} + ${right})`),
  ),
}))
const textValue = fc.oneof(
  text,
  fc.constant('t.b'),
  fc.tuple(text, text).map(([left, right]) => `${left} || ${right}`),
)
const set = fc.oneof(
  value.map(each => `a = ${each}`),
  textValue.map(each => `b = ${each}`),
  fc.tuple(value, textValue).map(([a, b]) => `a = ${a}, b = ${b}`),
  condition.map(each => `"c" = ${each}`),
)
const ctes = fc.constantFrom(
  '',
  'WITH q AS (SELECT 3 AS a) ',
  'WITH q (a) AS MATERIALIZED (VALUES (1), (4)), u AS (SELECT a + 1 AS a FROM u) ',
)

const statement = fc.oneof(
  fc.tuple(ctes, set, condition).map(([before, sets, where]) => `${before}UPDATE t SET ${sets} WHERE ${where}`),
  fc.tuple(set, condition).map(([sets, where]) => `UPDATE t SET ${sets} FROM u WHERE t.a = u.a AND (${where})`),
  fc.tuple(ctes, condition).map(([before, where]) => `${before}DELETE FROM t WHERE ${where}`),
  fc.tuple(ctes, condition).map(([before, where]) => `${before}DELETE FROM t USING u WHERE t.a = u.a AND ${where}`),
  fc
    .array(fc.tuple(number, text), { minLength: 1, maxLength: 3 })
    .map(rows => `INSERT INTO t (a, b) VALUES ${rows.map(row => `(${row})`).join(', ')}`),
  fc
    .tuple(ctes, condition)
    .map(([before, where]) => `${before}INSERT INTO main.t SELECT a, b, true FROM t WHERE ${where} ORDER BY a LIMIT 4`),
  condition.map(where => `INSERT INTO t BY NAME (SELECT t.b, t.a FROM t WHERE ${where})`),
  fc
    .tuple(set, condition, text)
    .map(
      ([sets, where, other]) =>
        `MERGE INTO t USING (SELECT a, b FROM u) s ON t.a = s.a WHEN MATCHED AND ${where} THEN UPDATE SET ${sets} WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, ${other})`,
    ),
)

/** Other blanks and comments between the words, where there are no quotes; a comment at once behind an operator of two signs is refused. */
const decorated = fc
  .tuple(statement, fc.array(gap, { minLength: 7, maxLength: 7 }))
  .map(([sql, gaps]) =>
    /['"$]/.test(sql) ? sql : sql.split(' ').reduce((text, word, index) => apart(text) + gaps[index % gaps.length] + word),
  )

function apart(text: string): string {
  return /[<>=!%*/+-]{2}$/.test(text) ? `${text} ` : text
}

const table = 'SELECT a, b, c FROM t ORDER BY ALL'

it('does to the table what the statement itself would do', async () => {
  const { engine, lake } = session
  const gate = new Gate(engine)
  let changed = 0
  const after = async (connection: typeof engine, work: () => Promise<unknown>) => {
    await connection.run('BEGIN')
    try {
      await work()
      return JSON.stringify((await connection.runAndReadAll(table)).getRowsJson())
    } catch (error) {
      // A cast or an overflow: both sides must fail.
      return `failed: ${String(error).slice(0, 20)}`
    } finally {
      await connection.run('ROLLBACK')
    }
  }
  const before = await after(engine, async () => {})
  await fc.assert(
    fc.asyncProperty(decorated, async sql => {
      const raw = await after(lake.writer, () => lake.writer.run(sql))
      const ours = await after(engine, async () => {
        const [[snapshot] = []] = (await engine.runAndReadAll('FROM lake.current_snapshot()')).getRows()
        await gate.refresh(BigInt(String(snapshot)))
        const gated = await checkWrite(engine, gate, sql, undefined)
        await engine.run(gated.sql.text)
      })
      if (raw !== before && !raw.startsWith('failed')) changed += 1
      expect(ours.startsWith('failed') ? 'failed' : ours, sql).toBe(raw.startsWith('failed') ? 'failed' : raw)
    }),
    { seed: fuzzSeed, numRuns: 200 },
  )
  expect(changed).toBeGreaterThan(80)
})

it('keeps a text that DuckDB itself would change', async () => {
  const { engine, lake } = session
  const values = "VALUES (100, E'it\\'s', true), (101, 'a\u00a0b', true)"
  const stored = 'SELECT b FROM t WHERE a = 101'
  await lake.writer.run(`BEGIN; INSERT INTO t ${values}`)
  expect((await lake.writer.runAndReadAll(stored)).getRows()).toEqual([['a b']])
  await lake.writer.run('ROLLBACK')
  await session.write(`INSERT INTO t ${values}`)
  expect((await engine.runAndReadAll(stored)).getRows()).toEqual([['a\u00a0b']])
})
