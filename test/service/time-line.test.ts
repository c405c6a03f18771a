import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TableChanges } from '../../service/catalogue/table-changes.ts'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let call: ReturnType<typeof callService>
beforeAll(async () => {
  service = await startService()
  call = callService(service)
  for (const sql of statements) expect(await call('POST', '/v1/statements', { sql })).toMatchObject({ status: 200 })
})
afterAll(() => stopService(service))

/** Version 1 is that of the example table. */
const statements = [
  `CREATE TABLE items AS SELECT * FROM (VALUES (1, 'one', 1.5::DOUBLE), (2, 'two', 2.5), (3, 'three', 3.5)) AS t(rowid_of, name, price)`,
  `INSERT INTO items VALUES (4, 'four', 4), (5, 'five', 5)`,
  'UPDATE items SET price = price * 2 WHERE rowid_of <= 2',
  'DELETE FROM items WHERE rowid_of = 3',
  'ALTER TABLE items ADD COLUMN change_type VARCHAR',
  `INSERT INTO items VALUES (6, 'six', 6, 'x'), (7, 'seven', 7, 'y')`,
  'ALTER TABLE items RENAME COLUMN name TO title',
  'DELETE FROM items WHERE rowid_of = 7',
  'CREATE OR REPLACE TABLE items AS FROM items AT (VERSION => 7)',
  'ALTER TABLE items RENAME TO things',
  'DROP TABLE things',
]

interface Shown {
  readonly snapshotId: string
  readonly author?: string
  readonly tables: readonly { readonly table: string; readonly kinds: readonly string[]; readonly [figure: string]: unknown }[]
}

async function timeLine(query: string, key?: string): Promise<readonly Shown[]> {
  const { body } = await call('GET', `/v1/snapshots${query}`, undefined, key)
  return body.snapshots
}

const lines = (snapshots: readonly Shown[]) =>
  snapshots.map(({ snapshotId, tables }) =>
    [snapshotId, ...tables.map(each => `${each.table} ${each.kinds.join('+')} +${each.rowsAdded}−${each.rowsRemoved}`)].join(' '),
  )

const timeLineOfItems = [
  '11 things renamed +0−0',
  '10 items dropped +0−5 items created+inserted +6−0',
  '9 items deleted +0−1',
  '8 items altered +0−0',
  '7 items inserted +2−0',
  '6 items altered +0−0',
  '5 items deleted +0−1',
  '4 items inserted+deleted +2−2',
  '3 items inserted +2−0',
  '2 items created+inserted +3−0',
]

describe('the time line', () => {
  it('says of each version which rows came and went', async () => {
    expect(lines(await timeLine('?before=13'))).toEqual([
      '12 things dropped +0−6',
      ...timeLineOfItems,
      '1 rides created+inserted +500−0',
      '0',
    ])
  })

  it('is that of one table, also of one that is gone, under each of its names', async () => {
    expect(lines(await timeLine('?table=ITEMS&limit=3'))).toEqual(['12 things dropped +0−6', ...timeLineOfItems.slice(0, 2)])
    expect(lines(await timeLine('?table=things&before=11'))).toEqual(timeLineOfItems.slice(1, 2))
    expect(await call('GET', '/v1/snapshots?table=nothing')).toMatchObject({ status: 404, body: { code: 'notFound' } })
  })

  it('tells a key with grants about its own tables only', async () => {
    const grants = [{ schema: 'main', table: 'rides' }]
    const { body } = await call('POST', '/v1/keys', { name: 'rides only', scopes: ['read'], grants })
    const seen = await timeLine('?before=3', body.key)
    expect(lines(seen)).toEqual(['2', '1 rides created+inserted +500−0', '0'])
    expect(seen.every(each => each.author === undefined)).toBe(true)
    for (const path of ['/v1/snapshots?table=items', '/v1/tables/main/items/diff?from=2&to=3'])
      expect(await call('GET', path, undefined, body.key)).toMatchObject({ status: 404, body: { code: 'notFound' } })
  })

  it('tells deletes apart whose files became one', async () => {
    for (const sql of [
      'CREATE TABLE less AS SELECT range AS i FROM range(9)',
      'UPDATE less SET i = -1 WHERE i = 1',
      'DELETE FROM less WHERE i > 6',
    ])
      await call('POST', '/v1/statements', { sql })
    expect(lines(await timeLine('?table=less')).map(each => each.replace(/^\d+ /, ''))).toEqual([
      'less deleted +0−2',
      'less inserted+deleted +1−1',
      'less created+inserted +9−0',
    ])
  })

  it('keeps figures through a merge of files where the commit tells them, and says of the others that they are not known', async () => {
    for (const sql of ['CREATE TABLE merged AS SELECT 1 AS i', 'INSERT INTO merged VALUES (2)', 'INSERT INTO merged VALUES (3), (4)'])
      await call('POST', '/v1/statements', { sql })
    const version = (await timeLine('?table=merged&limit=1'))[0]?.snapshotId ?? ''
    await call('POST', '/v1/maintenance/compact', { table: { schema: 'main', table: 'merged' } }, undefined, { prefer: 'wait=30' })
    const after = await timeLine('?table=merged&limit=2')
    expect(after[0]).toMatchObject({ author: 'ducklake-platform', tables: [{ kinds: ['merged'], rowsAdded: '0', filesAdded: null }] })
    expect(after[1]).toMatchObject({ snapshotId: version, tables: [{ kinds: ['inserted'], rowsAdded: '2', filesAdded: null }] })
  })

  it('does not say what the oldest version removed, because files from before are forgotten', () => {
    const names = [['1', 'main', 't', '1', null]]
    const figures = [['figures', '7', '1', '5', '2', '1', '1']]
    const snapshot = {
      id: '7',
      at: '',
      schemaVersion: '1',
      author: null,
      message: null,
      told: null,
      changes: ['tables_inserted_into', 'tables_deleted_from'].map(kind => ({ kind, of: ['1'] })),
    }
    expect(new TableChanges(names, figures, '7').of(snapshot)).toMatchObject([{ rowsAdded: '5', rowsRemoved: null, filesRemoved: null }])
    expect(new TableChanges(names, figures, '3').of(snapshot)).toMatchObject([{ rowsAdded: '5', rowsRemoved: '2', filesRemoved: 1 }])
  })
})

describe('the difference of two versions', () => {
  const diff = async (query: string, table = 'items') => (await call('GET', `/v1/tables/main/${table}/diff?${query}`)).body

  it('is what is different, not what happened on the way', async () => {
    expect(await diff('from=2&to=9')).toMatchObject({
      comparedBy: 'rowid',
      columns: {
        added: [{ name: 'change_type', type: 'VARCHAR' }],
        removed: [],
        changed: [{ from: { name: 'name', type: 'VARCHAR' }, to: { name: 'title', type: 'VARCHAR' } }],
      },
      insertedCount: '3',
      deletedCount: '1',
      updatedCount: '2',
      rows: [
        { before: [1, 'one', 1.5, null], after: [1, 'one', 3, null] },
        { before: [2, 'two', 2.5, null], after: [2, 'two', 5, null] },
        { before: [3, 'three', 3.5, null], after: null },
        { before: null, after: [4, 'four', 4, null] },
        { before: null, after: [5, 'five', 5, null] },
        { before: null, after: [6, 'six', 6, 'x'] },
      ],
      truncated: false,
    })
  })

  it('counts all rows and tells the first', async () => {
    expect(await diff('from=2&to=9&limit=1')).toMatchObject({
      insertedCount: '3',
      rows: [{ before: [1, 'one', 1.5, null] }],
      truncated: true,
    })
    expect(await diff('from=2&to=9&limit=0')).toMatchObject({ insertedCount: '3', updatedCount: '2', rows: [], truncated: true })
    expect(await diff('from=4&to=4')).toMatchObject({ insertedCount: '0', rows: [], truncated: false })
  })

  it('compares values where the table was made anew', async () => {
    expect(await diff('from=7&to=10')).toMatchObject({ comparedBy: 'values', insertedCount: '0', deletedCount: '0', truncated: false })
    expect(await diff('from=5&to=10')).toMatchObject({ comparedBy: 'values', insertedCount: '2', deletedCount: '0', updatedCount: '0' })
  })

  it('begins and ends with the table, whatever it is called', async () => {
    expect(await diff('from=1&to=3')).toMatchObject({ was: 'missing', is: 'there', insertedCount: '5', columns: { removed: [] } })
    expect(await diff('from=11&to=12', 'things')).toMatchObject({ was: 'there', is: 'missing', deletedCount: '6', columns: { added: [] } })
    expect(await diff('from=10&to=11')).toMatchObject({ table: 'things', was: 'there', is: 'there', insertedCount: '0', deletedCount: '0' })
  })

  it.each([
    ['from=3&to=2', 400, 'invalidRequest', 'from must not be later'],
    ['from=0&to=1', 404, 'notFound', 'There is no table main.items in version 0 or 1'],
    ['from=2&to=9999', 404, 'snapshotNotFound', 'no snapshot 9999'],
    ['from=2', 400, 'invalidRequest', "required property 'to'"],
  ])('refuses %s', async (query, status, code, detail) => {
    expect(await diff(query)).toMatchObject({ status, code, detail: expect.stringContaining(detail) })
  })
})
