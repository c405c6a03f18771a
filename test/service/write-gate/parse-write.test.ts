import { describe, expect, it } from 'vitest'
import { ComposedText } from '../../../service/engine/write-gate/composed-text.ts'
import { parseWrite } from '../../../service/engine/write-gate/parse-write.ts'

/** What would run, with one blank for each run of them. */
const written = (sql: string) => new ComposedText(parseWrite(sql).parts).text.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')')

describe('a statement is put together anew', () => {
  it.each([
    ['insert into t values (1, default)', 'INSERT INTO lake."main"."t" (values (1, default))'],
    ['INSERT INTO s.t (a, "b c") SELECT 1, 2;', 'INSERT INTO lake."s"."t" ("a", "b c") (SELECT 1, 2)'],
    ['INSERT INTO lake.t (SELECT 1)', 'INSERT INTO lake."main"."t" ((SELECT 1))'],
    ['INSERT INTO lake.s.t BY NAME FROM u', 'INSERT INTO lake."s"."t" BY NAME (FROM u)'],
    ['INSERT INTO t DEFAULT VALUES', 'INSERT INTO lake."main"."t" DEFAULT VALUES'],
    ['WITH a AS (SELECT 1) INSERT INTO t FROM a', 'WITH a AS (SELECT 1) INSERT INTO lake."main"."t" (FROM a)'],
    ['UPDATE t SET a = b + 1, c = 2 WHERE d', 'UPDATE lake."main"."t" SET "a" = (b + 1), "c" = (2) WHERE (d)'],
    [
      'UPDATE t x SET a = b IS DISTINCT FROM c FROM u, v WHERE x.d = u.d',
      'UPDATE lake."main"."t" AS "x" SET "a" = (b IS DISTINCT FROM c) FROM u, v WHERE (x.d = u.d)',
    ],
    ['UPDATE t SET a = CASE WHEN b THEN c ELSE d END', 'UPDATE lake."main"."t" SET "a" = (CASE WHEN b THEN c ELSE d END)'],
    ['UPDATE t SET a = extract(year FROM b)', 'UPDATE lake."main"."t" SET "a" = (extract(year FROM b))'],
    ['DELETE FROM t', 'DELETE FROM lake."main"."t"'],
    ['DELETE FROM t AS x USING u WHERE x.a = u.a', 'DELETE FROM lake."main"."t" AS "x" USING u WHERE (x.a = u.a)'],
    ['TRUNCATE TABLE t', 'DELETE FROM lake."main"."t"'],
    [
      'MERGE INTO t USING u ON t.a = CASE WHEN u.a THEN 1 END WHEN MATCHED AND b THEN UPDATE SET c = 1 WHEN NOT MATCHED THEN INSERT (a) VALUES (u.a)',
      'MERGE INTO lake."main"."t" USING u ON (t.a = CASE WHEN u.a THEN 1 END) WHEN MATCHED AND (b) THEN UPDATE SET "c" = (1) WHEN NOT MATCHED THEN INSERT ("a") VALUES ((u.a))',
    ],
    [
      'MERGE INTO t USING (FROM u) s USING (a) WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED BY TARGET THEN INSERT *',
      'MERGE INTO lake."main"."t" USING (FROM u) s USING ("a") WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED BY TARGET THEN INSERT *',
    ],
    [
      "create table t (a int not null default -1, b decimal(9,2), c struct(x text, y int[])[], d timestamp with time zone default null, e varchar(9) default E'it\\'s')",
      'CREATE TABLE lake."main"."t" ("a" INTEGER NOT NULL DEFAULT -1, "b" DECIMAL(9, 2), "c" STRUCT("x" VARCHAR, "y" INTEGER[])[], "d" TIMESTAMP WITH TIME ZONE DEFAULT NULL, "e" VARCHAR DEFAULT \'it\'\'s\')',
    ],
    ['CREATE OR REPLACE TABLE t AS SELECT 1 AS a', 'CREATE OR REPLACE TABLE lake."main"."t" AS (SELECT 1 AS a)'],
    ['CREATE TABLE IF NOT EXISTS t (a, b) AS VALUES (1, 2)', 'CREATE TABLE IF NOT EXISTS lake."main"."t" ("a", "b") AS (VALUES (1, 2))'],
    ['CREATE OR REPLACE VIEW v (a) AS SELECT 1', 'CREATE OR REPLACE VIEW lake."main"."v" ("a") AS (SELECT 1)'],
    ['CREATE SCHEMA IF NOT EXISTS s', 'CREATE SCHEMA IF NOT EXISTS lake."s"'],
    ['DROP SCHEMA lake.s CASCADE', 'DROP SCHEMA lake."s" CASCADE'],
    ['DROP TABLE IF EXISTS s.t RESTRICT', 'DROP TABLE IF EXISTS lake."s"."t"'],
    ['DROP VIEW v', 'DROP VIEW lake."main"."v"'],
    ['ALTER TABLE t ADD a INT DEFAULT 1', 'ALTER TABLE lake."main"."t" ADD COLUMN "a" INTEGER DEFAULT 1'],
    ['ALTER TABLE t DROP COLUMN IF EXISTS a.b', 'ALTER TABLE lake."main"."t" DROP COLUMN IF EXISTS "a"."b"'],
    ['ALTER TABLE t RENAME a TO "b c"', 'ALTER TABLE lake."main"."t" RENAME COLUMN "a" TO "b c"'],
    ['ALTER TABLE s.t RENAME TO u', 'ALTER TABLE lake."s"."t" RENAME TO "u"'],
    ['ALTER TABLE t ALTER a SET DATA TYPE bigint', 'ALTER TABLE lake."main"."t" ALTER COLUMN "a" SET DATA TYPE BIGINT'],
    ['ALTER TABLE t ALTER a DROP DEFAULT', 'ALTER TABLE lake."main"."t" ALTER COLUMN "a" DROP DEFAULT'],
    [
      'ALTER TABLE t SET PARTITIONED BY (a, Year(b), bucket(4, c))',
      'ALTER TABLE lake."main"."t" SET PARTITIONED BY ("a", year("b"), bucket(4, "c"))',
    ],
    ['ALTER TABLE t SET SORTED BY (a, b DESC NULLS LAST)', 'ALTER TABLE lake."main"."t" SET SORTED BY ("a" ASC, "b" DESC NULLS LAST)'],
    ['ALTER VIEW v RENAME TO w', 'ALTER VIEW lake."main"."v" RENAME TO "w"'],
    ["COMMENT ON COLUMN s.t.a IS 'it''s'", 'COMMENT ON COLUMN lake."s"."t"."a" IS \'it\'\'s\''],
    ['COMMENT ON TABLE t IS NULL', 'COMMENT ON TABLE lake."main"."t" IS NULL'],
    ['/* a */ DELETE /* b */ FROM -- c\n t', 'DELETE FROM lake."main"."t"'],
  ])('%s', (sql, expected) => {
    expect(written(sql)).toBe(expected)
  })
})

describe('a statement that is not in the grammar', () => {
  it.each([
    ['BEGIN', 'BEGIN is not run here: one statement is one transaction and one commit.', 0],
    ['  SELECT 1', 'SELECT is not run here: ask for it with POST /v1/query.', 2],
    ['DELETE FROM t; DELETE FROM u', 'The text holds more than one statement: send them one by one, each is one commit.', 13],
    [
      'DELETE FROM t RETURNING a',
      'DuckLake has no RETURNING: the answer has the number of rows, and /changes of the table shows them.',
      14,
    ],
    ['CREATE MACRO f() AS 1', 'CREATE MACRO is not allowed: a macro could take the place of a function that others use: make a view.', 7],
    ['CREATE TABLE ".." (a INTEGER)', 'A name of dots alone cannot stand in an address: use letters, digits and _.', 13],
    ['CREATE SCHEMA "."', 'A name of dots alone cannot stand in an address: use letters, digits and _.', 14],
    ['ALTER TABLE t RENAME TO "."', 'A name of dots alone cannot stand in an address: use letters, digits and _.', 24],
    ['CREATE TABLE t ("a\u0007" INTEGER)', 'A name holds a character that cannot be seen.', 16],
    [`ALTER TABLE t RENAME a TO ${'b'.repeat(1_001)}`, 'A name has 1001 characters, 1000 are allowed.', 26],
    ['ALTER TABLE t ADD COLUMN s."\u200b" INTEGER', 'A name holds a character that cannot be seen.', 27],
    [`COMMENT ON TABLE t IS '${'a'.repeat(10_001)}'`, 'A comment has at most 10000 characters.', 22],
    ["CREATE TABLE t (é ENUM('a'))", 'ENUM is read by DuckDB only, and tables of the lake stay readable for others: use VARCHAR.', 18],
  ])('%s is refused', (sql, detail, position) => {
    expect(() => parseWrite(sql)).toThrow(expect.objectContaining({ code: 'statementRefused', detail, place: { position } }))
  })

  it.each([
    ['DELETE t', 'FROM is expected where t stands.', 7],
    ['INSERT INTO t', 'VALUES or a query is expected where the statement ends.', 13],
    ['UPDATE t SET a 1', '= is expected where 1 stands.', 15],
    ['UPDATE t SET a = (1', 'A ) is missing.', 19],
    ['ALTER TABLE t', 'ADD, DROP, RENAME, ALTER, SET or RESET is expected where the statement ends.', 13],
    ['DROP TABLE t x', 'the end of the statement is expected where x stands.', 13],
    ['UPDATE t SET a = $a, b = ?', 'The statement mixes named parameters ($name) with numbered ones (?, $1): use one kind.', 25],
  ])('%s says what is missing', (sql, detail, position) => {
    expect(() => parseWrite(sql)).toThrow(expect.objectContaining({ code: 'sqlSyntax', detail, place: { position } }))
  })
})

it('a place in what runs is one in what was written', () => {
  const sql = "UPDATE t SET a = /* é */ 'x' || wrong, b = $q$it's$q$ || missing"
  const composed = new ComposedText(parseWrite(sql).parts)
  for (const name of ['wrong', 'missing']) expect(composed.placeOf(composed.text.indexOf(name))).toBe(sql.indexOf(name))
  expect(composed.placeOf(composed.text.indexOf('"t"'))).toBe(sql.indexOf('t SET'))
  expect(composed.placeOf(0)).toBeUndefined()
})
