import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Gate } from '../../service/engine/gate.ts'
import { type AsOf, insert, placeBefore } from '../../service/engine/read-as-of.ts'
import { type OpenLake, openLake } from './open-lake.ts'

let lake: OpenLake
let gate: Gate
beforeAll(async () => {
  lake = await openLake()
  for (const sql of [
    'DELETE FROM rides WHERE ride_id > 100',
    'CREATE VIEW few AS FROM rides',
    'CREATE MACRO top(n) AS TABLE FROM rides LIMIT n',
  ]) {
    await lake.writer.run(sql)
  }
  const [snapshot] = (await lake.reader.runAndReadAll('FROM lake.current_snapshot()')).getRows()
  gate = new Gate(lake.reader)
  await gate.refresh(BigInt(String(snapshot?.[0])))
})
afterAll(() => lake.close())

const past: AsOf = { version: 1n }
const changed = async (sql: string, asOf: AsOf = past) => (await gate.check(sql, { asOf })).sql
const refusal = (sql: string, asOf: AsOf = past) => gate.check(sql, { asOf }).catch((error: { detail: string }) => error.detail)

describe('asOf', () => {
  it('reads every table as it was', async () => {
    const sql = 'SELECT count(*), (SELECT count(*) FROM rides AT (VERSION => 2)) FROM rides'
    const reader = await lake.reader.runAndReadAll(`SELECT * FROM (\n${await changed(sql)}\n)`)
    expect(reader.getRowsJson()).toEqual([['500', '100']])
  })

  it.each([
    ['FROM rides', 'FROM rides AT (VERSION => 1)'],
    ['FROM rides AS r WHERE r.minutes > 3', 'FROM rides AS r AT (VERSION => 1) WHERE r.minutes > 3'],
    ['FROM rides "r""s" (a, "b)") WHERE a > 3', 'FROM rides "r""s" (a, "b)") AT (VERSION => 1) WHERE a > 3'],
    ['FROM r: rides', 'FROM r: rides AT (VERSION => 1)'],
    [
      'SELECT \'é🚢\' FROM /* a */ lake . -- b\n main."rides" /* c */',
      'SELECT \'é🚢\' FROM /* a */ lake . -- b\n main."rides" AT (VERSION => 1) /* c */',
    ],
    ['WITH a AS (FROM rides) FROM a, a b', 'WITH a AS (FROM rides AT (VERSION => 1)) FROM a, a b'],
    ['DESCRIBE rides', 'DESCRIBE FROM rides AT (VERSION => 1)'],
    ['SUMMARIZE main.rides', 'SUMMARIZE FROM main.rides AT (VERSION => 1)'],
    ['FROM rides AT (VERSION => 2)', 'FROM rides AT (VERSION => 2)'],
    ['FROM rides r TABLESAMPLE 9 ROWS', 'FROM rides r AT (VERSION => 1) TABLESAMPLE 9 ROWS'],
    ['FROM rides JOIN rides r USING (ride_id);', 'FROM rides AT (VERSION => 1) JOIN rides r AT (VERSION => 1) USING (ride_id)'],
    ["SELECT 'FROM rides' FROM range(3)", "SELECT 'FROM rides' FROM range(3)"],
  ])('%s', async (sql, wanted) => {
    expect(await changed(sql)).toBe(wanted)
    await lake.reader.run(`SELECT * FROM (\n${wanted}\n)`)
  })

  it('takes a time, in UTC if it does not say', async () => {
    const clause = async (timestamp: string) => (await changed('FROM rides', { timestamp })).replace('FROM rides ', '')
    expect(await clause('2026-06-01')).toBe("AT (TIMESTAMP => '2026-06-01 00:00:00Z')")
    expect(await clause('2026-06-01T06:00')).toBe("AT (TIMESTAMP => '2026-06-01 06:00:00Z')")
    expect(await clause('2026-06-01 06:00:00.123456+02:00')).toBe("AT (TIMESTAMP => '2026-06-01 06:00:00.123456+02:00')")
    await lake.reader.run(await changed('FROM rides', { timestamp: '2099-01-01' }))
    await expect(lake.reader.run(await changed('FROM rides', { timestamp: '2020-01-01' }))).rejects.toThrow(
      'No snapshot found at timestamp 2020-01-01 00:00:00Z',
    )
    await expect(lake.reader.run(await changed('FROM rides', { version: 99n }))).rejects.toThrow('No snapshot found at version 99')
    for (const timestamp of ['', 'now', '3', '2026-02-31', "2026-06-01' OR 1=1 --", '2026-06-01T25:00Z']) {
      expect(await refusal('FROM rides', { timestamp })).toBe(`asOf.timestamp is "${timestamp}": write it as 2026-06-01T06:00:00Z.`)
    }
    expect(await refusal('FROM rides', { version: -1n })).toBe('asOf.version is -1: use the number of a snapshot.')
  })

  it('refuses what it cannot do for all of a statement', async () => {
    expect(await refusal('FROM few')).toBe(
      'few is or was a view, which cannot be read as of an older snapshot: name the tables that it reads.',
    )
    expect(await refusal('FROM top(3)')).toBe(
      'The macro top reads rides, which it cannot do as of an older snapshot: name the table itself.',
    )
    expect(await refusal('SHOW TABLES')).toBe('The list of tables cannot be read as of an older snapshot.')
    expect(await refusal('TABLE rides')).toBe(
      'asOf cannot be put into this statement: write AT (VERSION => 1) behind each table, and FROM t instead of t behind DESCRIBE and SUMMARIZE.',
    )
  })

  it('knows where a place of the changed text was', () => {
    const insertions = [
      { at: 2, text: 'xx' },
      { at: 4, text: 'y' },
    ]
    expect(insert('abcdef', insertions)).toBe('abxxcdyef')
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(place => placeBefore(insertions, place))).toEqual([0, 1, 2, 2, 2, 3, 4, 4, 5])
  })
})
