import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { maintain } from '../../service/engine/maintenance/maintain.ts'
import { parquetOf } from './parquet-files.ts'
import { plain, registeringLake } from './registering-lake.ts'

const { append, newTable, one, run, rowsOf, opened } = registeringLake()
const filesOf = (table: string) => readdirSync(join(opened().lake.dataPath, 'main', table))
const hash = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

describe('a Parquet file that fits', () => {
  it('becomes the only file of the table, byte for byte, in the snapshot that the report names', async () => {
    const table = await newTable()
    const data = await parquetOf(plain)
    const report = await append(table, data)
    expect(report).toMatchObject({ registered: true, rowCount: 1000 })
    const [file = '', ...more] = filesOf(table)
    expect(more).toEqual([])
    expect(hash(readFileSync(join(opened().lake.dataPath, 'main', table, file)))).toBe(hash(data))
    expect(await rowsOf(`SELECT count(*), sum(id), count(DISTINCT rowid), min(rowid) FROM ${table}`)).toEqual([
      ['1000', '499500', '1000', '0'],
    ])
    expect(await rowsOf(`SELECT author, commit_message FROM lake.snapshots() WHERE snapshot_id = ${report.snapshotId}`)).toEqual([
      ['tests', `append to main.${table}`],
    ])
    const inCatalog = await withPostgres(opened().lake.connections.reader.catalog, client =>
      client.query('SELECT path_is_relative FROM public.ducklake_data_file WHERE path = $1', [file]),
    )
    expect(inCatalog.rows, 'the lake could not be moved').toEqual([{ path_is_relative: true }])
  })

  it.each([
    ['BOOLEAN', 'i % 2 = 0'],
    ['TINYINT', 'i % 100 - 50'],
    ['UINTEGER', 'i + 4000000000'],
    ['UBIGINT', 'i::HUGEINT + 18446744073709550000'],
    ['DECIMAL(9,2)', 'i / 100 - 3'],
    ['DECIMAL(18,4)', 'i / 100 - 3'],
    ['DECIMAL(30,4)', 'i::DECIMAL(30,4) * 100000000000 - 7'],
    ['FLOAT', '(i - 500) / 7'],
    ['DOUBLE', '(i - 500) / 7'],
    ['VARCHAR', `repeat('ü', i::INTEGER % 300) || i`],
    ['DATE', `DATE '1950-01-01' + i::INTEGER * 40`],
    ['TIME', `TIME '00:00:00' + INTERVAL 1 SECOND * i`],
    ['TIMESTAMP', `TIMESTAMP '1960-01-01 00:00:00.123456' + INTERVAL 1 DAY * i`],
    ['TIMESTAMPTZ', `TIMESTAMPTZ '1960-01-01 00:00:00.5+00' + INTERVAL 1 DAY * i`],
  ])('of %s is found true', async (type, value) => {
    const table = await newTable(`v ${type}`)
    const data = await parquetOf(
      `SELECT CASE WHEN i % 10 <> 3 THEN CAST(${value} AS ${type}) END AS v FROM range(1000) AS r(i)`,
      'FORMAT parquet, DICTIONARY_SIZE_LIMIT 1, WRITE_BLOOM_FILTER false',
    )
    expect(await append(table, data)).toMatchObject({ registered: true, rowCount: 1000 })
    expect(await rowsOf(`SELECT count(v) FROM ${table} WHERE v >= (SELECT min(v) FROM ${table})`)).toEqual([['900']])
  })

  it('takes the place of all rows with mode=replace', async () => {
    const table = await newTable()
    await append(table, await parquetOf(plain))
    const next = await parquetOf(`SELECT 7::INTEGER AS id, 'seven' AS name`)
    const { snapshotId, ...report } = await append(table, next, { mode: 'replace' })
    expect(report).toMatchObject({ registered: true, rowCount: 1 })
    expect(await rowsOf(`SELECT * FROM ${table}`)).toEqual([[7, 'seven']])
    const before = Number(snapshotId) - 1
    expect(await rowsOf(`SELECT count(*) FROM ${table} AT (VERSION => ${before})`)).toEqual([['1000']])
  })

  it('is a file like others for deletes, updates, other columns, compaction and clean-up', async () => {
    const table = await newTable()
    await run(`INSERT INTO ${table} VALUES (-1, 'first')`)
    const { snapshotId } = await append(table, await parquetOf(plain))
    await run(`DELETE FROM ${table} WHERE id = 3`)
    await run(`UPDATE ${table} SET name = 'new' WHERE id = 4`)
    await run(`ALTER TABLE ${table} RENAME COLUMN name TO called`)
    await run(`ALTER TABLE ${table} ADD COLUMN more INTEGER DEFAULT 7`)
    await append(table, await parquetOf(`SELECT i::INTEGER AS id, 'm' || i AS called, 9::INTEGER AS more FROM range(1000, 2000) AS r(i)`))
    const now = `SELECT count(*), sum(id), count(DISTINCT rowid), sum(more), count(*) FILTER (called = 'n9') FROM ${table}`
    const [expected, then] = [[['2000', '1998996', '2000', '16000', '1']], [['1001', '499499']]]
    const sums = async () => {
      expect(await rowsOf(now)).toEqual(expected)
      expect(await rowsOf(`SELECT count(*), sum(id) FROM ${table} AT (VERSION => ${snapshotId})`)).toEqual(then)
      expect(await rowsOf(`SELECT * FROM ${table} WHERE id IN (3, 4, 5) ORDER BY id`)).toEqual([
        [4, 'new', 7],
        [5, 'n5', 7],
      ])
    }
    await sums()
    const order = (task: 'compact' | 'rewrite-deletes' | 'expire' | 'clean-up') =>
      maintain(
        { lake: opened().maintenance },
        {
          task,
          dryRun: false,
          run: 'r',
          deletedShare: 0,
          ...((task === 'compact' || task === 'rewrite-deletes') && { table: { schema: 'main', name: table } }),
        },
      )
    await order('rewrite-deletes')
    await order('compact')
    await sums()
    await inCatalog(`UPDATE public.ducklake_snapshot SET snapshot_time = snapshot_time - interval '25 hours'`)
    await order('expire')
    await inCatalog(`UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - interval '25 hours'`)
    const before = filesOf(table).length
    await order('clean-up')
    expect(filesOf(table).length).toBeLessThan(before)
    expect(await rowsOf(now)).toEqual(expected)
  })

  const inCatalog = (sql: string) => withPostgres(opened().lake.connections.writer.catalog, client => client.query(sql))

  it('whose commit fails is found as an orphan, and nothing else is', async () => {
    const table = await newTable()
    await inCatalog('ALTER TABLE public.ducklake_data_file ADD CONSTRAINT no_more CHECK (mapping_id IS NULL) NOT VALID')
    await expect(append(table, await parquetOf(plain))).rejects.toMatchObject({ code: 'outcomeUnknown' })
    await inCatalog('ALTER TABLE public.ducklake_data_file DROP CONSTRAINT no_more')
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['0']])
    const [left = ''] = filesOf(table)
    const found = await opened().maintenance.runAndReadAll(
      `FROM ducklake_delete_orphaned_files('lake', older_than => now() + INTERVAL 1 DAY, dry_run => true)`,
    )
    expect(found.getRows()).toEqual([[join(opened().lake.dataPath, 'main', table, left)]])
  })
})

describe('a Parquet file that does not fit is written anew', () => {
  it.each([
    ['another type', `SELECT i AS id, 'x' AS name FROM range(9) AS r(i)`, 'column "id" is INTEGER, the file has it as BIGINT in INT64'],
    [
      'a text in place of a BLOB',
      `SELECT 1::INTEGER AS id, 'x'::BLOB AS name`,
      'column "name" is VARCHAR, the file has it as BLOB in BYTE_ARRAY',
    ],
    [
      'another spelling',
      `SELECT 1::INTEGER AS "ID", 'x' AS name`,
      'the table has no column "ID", or has it in several parts or another spelling',
    ],
    ['a column less', 'SELECT 1::INTEGER AS id', 'the file has no column "name"'],
    ['no rows', `SELECT 1::INTEGER AS id, 'x' AS name LIMIT 0`, 'the file has no rows'],
    ['a Bloom filter', `SELECT 1::INTEGER AS id, 'x' AS name FROM range(90)`, 'column "id" has a Bloom filter, which cannot be checked'],
  ])('with %s', async (_, sql, rewrittenBecause) => {
    const table = await newTable()
    expect(await append(table, await parquetOf(sql))).toMatchObject({ registered: false, rewrittenBecause })
  })

  it('with groups of different sizes or very small ones', async () => {
    const table = await newTable('id BIGINT')
    const data = await parquetOf('SELECT i AS id FROM range(100000) AS r(i)', 'FORMAT parquet, ROW_GROUP_SIZE 4096')
    expect(await append(table, data)).toMatchObject({ registered: false, rewrittenBecause: 'its row groups have fewer than 10000 rows' })
  })

  it('with nested columns, whatever their field ids', async () => {
    const table = await newTable('s STRUCT(a INTEGER, b INTEGER)')
    const data = await parquetOf(
      `SELECT {a: 1::INTEGER, b: 2::INTEGER} AS s`,
      'FORMAT parquet, FIELD_IDS {s: {__duckdb_field_id: 1, a: 3, b: 2}}',
    )
    expect(await append(table, data)).toMatchObject({
      registered: false,
      rewrittenBecause: 'column "s" is STRUCT(a INTEGER, b INTEGER), which is always written anew',
    })
    expect(await rowsOf(`SELECT s.a, s.b FROM ${table}`)).toEqual([[1, 2]])
  })

  it('into a table that is partitioned or sorted, and if it is small', async () => {
    const table = await newTable()
    const data = await parquetOf(plain)
    expect(await append(table, data, { register: { trust: 'checked', minBytes: 1_048_576 } })).toMatchObject({
      rewrittenBecause: 'the file has fewer than 1048576 bytes: many small files are slow to read',
    })
    await run(`ALTER TABLE ${table} SET SORTED BY (id ASC)`)
    expect(await append(table, data)).toMatchObject({ rewrittenBecause: 'the table keeps its rows sorted' })
    await run(`ALTER TABLE ${table} SET PARTITIONED BY (bucket(4, id))`)
    expect(await append(table, data)).toMatchObject({ rewrittenBecause: 'the table is partitioned' })
    expect(await one(`SELECT count(*) FROM ${table}`)).toBe('3000')
  })

  it('by the field ids of another table it is not misled', async () => {
    const table = await newTable('a INTEGER, b INTEGER')
    const data = await parquetOf(
      'SELECT 1::INTEGER AS a, 2::INTEGER AS b',
      'FORMAT parquet, FIELD_IDS {a: 2, b: 1}, WRITE_BLOOM_FILTER false',
    )
    expect(await append(table, data)).toMatchObject({ registered: true })
    expect(await rowsOf(`SELECT a, b FROM ${table}`)).toEqual([[1, 2]])
  })
})
