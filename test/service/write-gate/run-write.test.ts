import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Grants } from '../../../service/access/grants.ts'
import { Gate } from '../../../service/engine/gate.ts'
import { openWriteSession, type WriteSession } from './write-session.ts'

let session: WriteSession
beforeAll(async () => {
  session = await openWriteSession()
  for (const sql of [
    'CREATE SCHEMA own',
    'CREATE SCHEMA secret',
    'CREATE TABLE secret.pay AS SELECT 4711 AS amount',
    'CREATE TABLE own.stops (id INTEGER, name VARCHAR)',
    'CREATE TABLE stops (id INTEGER, name VARCHAR)',
  ]) {
    await session.write(sql)
  }
})
afterAll(() => session.close())

const rows = async (sql: string) => (await session.engine.runAndReadAll(sql)).getRowsJson()
const own: Grants = [{ schema: 'own' }, { schema: 'main', table: 'stops' }]

describe('a statement', () => {
  it('is one commit, and says what it changed', async () => {
    const before = BigInt(String((await rows('FROM lake.current_snapshot()'))[0]?.[0]))
    const inserted = await session.write("INSERT INTO stops VALUES (1, 'Harbour'), (2, $name), (3, NULL)", { params: { name: 'Mill' } })
    expect(inserted).toMatchObject({ rowCount: 3, snapshotId: String(before + 1n) })
    expect(await session.write('UPDATE stops SET name = ? WHERE id = ?', { params: ['Bridge', 3] })).toMatchObject({ rowCount: 1 })
    expect(await session.write('DELETE FROM stops WHERE id = 2')).toMatchObject({ rowCount: 1, snapshotId: String(before + 3n) })
    expect(await rows('FROM stops ORDER BY id')).toEqual([
      [1, 'Harbour'],
      [3, 'Bridge'],
    ])
    expect(await rows('SELECT author, commit_message, commit_extra_info FROM lake.snapshots() ORDER BY snapshot_id DESC LIMIT 1')).toEqual([
      ['tests', 'a statement', '{"writes":[{"id":"a write","request":"a request","by":"tests","rows":1}]}'],
    ])
  })

  it('that changes nothing has no snapshot', async () => {
    expect(await session.write('DELETE FROM stops WHERE false')).toMatchObject({ rowCount: 0, snapshotId: null })
    expect(await session.write('CREATE SCHEMA IF NOT EXISTS own')).toMatchObject({ rowCount: null, snapshotId: null })
  })

  it('that fails has the place in the text that was sent, and changes nothing', async () => {
    const at = (sql: string) => session.outcome(sql)
    expect(await at("INSERT INTO stops (id, nome) VALUES (9, 'é')")).toMatchObject({ code: 'sqlInvalid' })
    const set = "UPDATE stops SET name = $q$it's é$q$ || /* ; */ nome"
    expect(await at(set)).toMatchObject({ code: 'sqlInvalid', position: set.indexOf('nome') })
    const where = "DELETE FROM stops WHERE name = 'é' AND missing"
    expect(await at(where)).toMatchObject({ code: 'sqlInvalid', position: where.indexOf('missing') })
    const syntax = 'DELETE FROM stops WHERE name = AND true'
    expect(await at(syntax)).toMatchObject({ code: 'sqlSyntax', position: syntax.indexOf('AND') })
    const refused = "INSERT INTO stops SELECT 1, content FROM read_text('/etc/passwd')"
    expect(await at(refused)).toMatchObject({ code: 'statementRefused' })
    expect(await at("INSERT INTO stops VALUES ('x', 'y')")).toMatchObject({ code: 'queryFailed' })
    expect(await rows('SELECT count(*) FROM stops')).toEqual([['2']])
  })

  it('that loses against another writer says against what, and leaves nothing', async () => {
    const slow = 'SELECT count(*) FROM range(40000) a, range(40000) b WHERE a.range * b.range = 7'
    const deleted = session.outcome(`DELETE FROM stops WHERE id < (${slow})`)
    await new Promise(resolve => setTimeout(resolve, 150))
    await session.lake.writer.run("INSERT INTO stops VALUES (8, 'from elsewhere')")
    expect(await deleted).toMatchObject({ code: 'writeConflict', detail: expect.stringContaining('table "stops"') })
    expect(await session.outcome('DELETE FROM stops WHERE id = 8')).toMatchObject({ code: 'ok', detail: '1' })
  })

  it('does not close the view that comes back to itself', async () => {
    await session.write('CREATE VIEW ring_a AS SELECT 1 AS x')
    await session.write('CREATE VIEW ring_b AS FROM ring_a')
    expect(await session.outcome('CREATE OR REPLACE VIEW ring_a AS FROM ring_b')).toMatchObject({
      code: 'sqlInvalid',
      detail: expect.stringContaining('infinite recursion'),
    })
    expect(await rows('FROM ring_b')).toEqual([[1]])
  })
})

describe('a view', () => {
  it('is kept with the schemas of its tables, and without the name of the lake', async () => {
    await session.write('INSERT INTO own.stops VALUES (100, NULL)')
    await session.write(`CREATE VIEW own.names AS WITH x AS (SELECT id FROM stops)
      SELECT x.id, (SELECT count(*) FROM lake.stops s) AS n FROM x JOIN lake.own.stops o ON o.id <> x.id /* ' */`)
    const [[sql] = []] = await rows("SELECT sql FROM __ducklake_metadata_lake.public.ducklake_view WHERE view_name = 'names'")
    expect(sql).toBe(
      'WITH x AS (SELECT id FROM main.stops)SELECT x.id, (SELECT count_star() FROM main.stops AS s) AS n FROM x INNER JOIN own.stops AS o ON ((o.id != x.id))',
    )
    expect(await rows('FROM own.names ORDER BY id')).toEqual([
      [1, '2'],
      [3, '2'],
    ])
  })

  it('is judged by whoever asks next, at once', async () => {
    const { reader } = session.lake
    const gate = new Gate(reader)
    const tables = async (sql: string) => {
      await reader.run('BEGIN')
      try {
        const [[snapshot] = []] = (await reader.runAndReadAll('FROM lake.current_snapshot()')).getRows()
        await gate.refresh(BigInt(String(snapshot)))
        return (await gate.check(sql, { asOf: { version: 1n } })).tables.length
      } catch (error) {
        return error instanceof Error ? error.message : ''
      } finally {
        await reader.run('ROLLBACK')
      }
    }
    expect(await tables('FROM fresh')).toBe(1)
    await session.write('CREATE VIEW fresh AS FROM rides')
    expect(await tables('FROM fresh')).toContain('fresh is or was a view')
  })
})

describe('grants', () => {
  it.each([
    ['INSERT INTO own.stops VALUES (1, NULL)', 'ok'],
    ['INSERT INTO stops SELECT id, name FROM own.stops', 'ok'],
    ['CREATE TABLE own.made AS SELECT * FROM stops', 'ok'],
    ['CREATE VIEW own.seen AS SELECT * FROM stops', 'ok'],
    ['ALTER TABLE own.made RENAME TO remade', 'ok'],
    ['DROP TABLE own.remade', 'ok'],
    ['COMMENT ON TABLE own.stops IS NULL', 'ok'],
    ['INSERT INTO rides SELECT * FROM rides', 'There is no table main.rides that this key may change or make.'],
    ['DELETE FROM secret.pay', 'There is no table secret.pay that this key may change or make.'],
    ['DELETE FROM secret.nil', 'There is no table secret.nil that this key may change or make.'],
    ['DROP TABLE secret.pay', 'There is no table secret.pay that this key may change or make.'],
    ['CREATE TABLE other (a INTEGER)', 'There is no table main.other that this key may change or make.'],
    ['ALTER TABLE stops RENAME TO other', 'There is no table main.other that this key may change or make.'],
    ['CREATE SCHEMA other', 'There is no schema other that this key may make or drop.'],
    ['DROP SCHEMA secret CASCADE', 'There is no schema secret that this key may make or drop.'],
    ['INSERT INTO stops SELECT amount, NULL FROM secret.pay', 'There is no table secret.pay that this key may read.'],
    ['UPDATE stops SET id = (SELECT max(amount) FROM secret.pay)', 'There is no table secret.pay that this key may read.'],
    ['DELETE FROM stops USING secret.pay WHERE id = amount', 'There is no table secret.pay that this key may read.'],
    ['WITH x AS (FROM secret.pay) DELETE FROM stops WHERE false', 'There is no table secret.pay that this key may read.'],
    ['MERGE INTO stops USING secret.pay ON (id = amount) WHEN MATCHED THEN DELETE', 'There is no table secret.pay that this key may read.'],
    ['CREATE VIEW own.all_pay AS FROM secret.pay', 'There is no table secret.pay that this key may read.'],
    ['CREATE TABLE own.all_pay AS FROM secret.pay', 'There is no table secret.pay that this key may read.'],
    [
      'INSERT INTO stops SELECT 1, table_name FROM information_schema.tables',
      'This key may read some tables only: GET /v1/tables lists them.',
    ],
  ])('%s: %s', async (sql, expected) => {
    const { code, detail } = await session.outcome(sql, own)
    expect(code === 'ok' ? code : detail).toBe(expected)
  })

  it('tell nothing of names beside those that they have', async () => {
    const { detail } = await session.outcome('INSERT INTO own.stop SELECT 1, NULL', own)
    expect(detail).toBe('Table with name stop does not exist!')
  })
})

it('says which columns came from where, as far as the statement tells', async () => {
  const columns = async (sql: string) => {
    const report = await session.write(sql)
    return Object.fromEntries(
      Object.entries(report.columns).map(([name, from]) => [name, from.map(each => `${each.schema}.${each.table}.${each.column}`).sort()]),
    )
  }
  expect(
    await columns('CREATE TABLE copy AS SELECT id + 1 AS next, s.name, 7 AS seven, (SELECT max(id) FROM own.stops) AS m FROM stops s'),
  ).toEqual({
    next: ['main.stops.id'],
    name: ['main.stops.name'],
  })
  expect(await columns('INSERT INTO stops SELECT s.id + o.id, s.name FROM stops s JOIN own.stops o ON true WHERE false')).toEqual({
    id: ['main.stops.id', 'own.stops.id'],
    name: ['main.stops.name'],
  })
  expect(await columns('WITH own AS (SELECT 1 AS id) INSERT INTO stops (name) SELECT id FROM own WHERE false')).toEqual({})
  expect(await columns('UPDATE stops t SET name = o.name || t.id FROM own.stops o WHERE false AND o.id = t.id')).toEqual({
    name: ['main.stops.id', 'own.stops.name'],
  })
  expect(
    await columns(
      'MERGE INTO stops USING own.stops s ON (stops.id = s.id) WHEN NOT MATCHED AND false THEN INSERT (id, name) VALUES (s.id, s.name)',
    ),
  ).toEqual({ id: ['own.stops.id'], name: ['own.stops.name'] })
})
