import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { maintain } from '../../service/engine/maintenance/maintain.ts'
import type { MaintenanceOrder } from '../../service/engine/maintenance/maintenance-order.ts'
import { type OpenLake, openLake } from './open-lake.ts'

describe('what an engine of maintenance does', () => {
  let lake: OpenLake
  let engine: DuckDBConnection
  beforeAll(async () => {
    lake = await openLake()
    engine = await lake.attach('maintenance')
  })
  afterAll(async () => {
    engine.closeSync()
    await lake.close()
  })

  const order = (task: MaintenanceOrder['task'], more: Partial<MaintenanceOrder> = {}) =>
    maintain({ lake: engine }, { task, dryRun: false, run: 'of the test', ...more })
  const table = (name: string) => ({ schema: 'main', name })
  const write = (...statements: string[]) =>
    statements.reduce((done, sql) => done.then(async () => void (await lake.writer.run(sql))), Promise.resolve())
  const one = async (sql: string) => (await lake.reader.runAndReadAll(sql)).getRowsJson()[0]?.[0]
  const inCatalog = (sql: string) => withPostgres(lake.connections.writer.catalog, client => client.query(sql))
  const paths = (report: { files: readonly { path: string }[] }) => report.files.map(({ path }) => path).sort()

  it('merges exactly the files that its dry run lists, and every version stays as it was', async () => {
    await write(
      'CREATE TABLE small (i INT, part INT)',
      ...[1, 2, 3].map(i => `INSERT INTO small SELECT range, ${i} FROM range(100)`),
      'ALTER TABLE small ADD COLUMN more VARCHAR',
      ...[4, 5].map(i => `INSERT INTO small SELECT range, ${i}, 'x' FROM range(100)`),
      'ALTER TABLE small SET PARTITIONED BY (part)',
      ...[6, 7, 6].map(i => `INSERT INTO small SELECT range, ${i}, 'y' FROM range(100)`),
      `INSERT INTO small SELECT range, 8, 'z' FROM range(100)`,
      'DELETE FROM small WHERE part = 8 AND i < 50',
    )
    const version = await one('SELECT max(snapshot_id) FROM lake.snapshots()')
    const sum = (at = '') => one(`SELECT count(*) || ' ' || sum(hash(small))::VARCHAR FROM lake.main.small ${at}`)
    const before = await sum()
    const planned = await order('compact', { dryRun: true, table: table('small') })
    expect(planned).toMatchObject({ fileCount: 7, tables: [table('small')], created: { fileCount: 0 } })
    const done = await order('compact', { table: table('small') })
    expect(paths(done)).toEqual(paths(planned))
    expect(done).toMatchObject({ fileCount: 7, bytes: planned.bytes, created: { fileCount: 3 } })
    expect([await sum(), await sum(`AT (VERSION => ${version})`)]).toEqual([before, before])
    expect(await one(`SELECT commit_extra_info FROM lake.snapshots() WHERE snapshot_id = ${done.snapshotId}`)).toBe(
      '{"maintenance":{"run":"of the test","task":"compact"}}',
    )
    expect(await order('compact', { dryRun: true })).toMatchObject({ fileCount: 0, tables: [] })
    expect(await order('compact', { table: table('small') })).not.toHaveProperty('snapshotId')
  })

  it('stops merging where the files have the size that the lake wants', async () => {
    await write(
      'CREATE TABLE sized (i INT, s VARCHAR)',
      ...[1, 2, 3, 4, 5].map(i => `INSERT INTO sized SELECT range, md5((range * ${i})::VARCHAR) FROM range(1000)`),
      `CALL lake.set_option('target_file_size', '60KB', table_name => 'sized')`,
    )
    // An engine reads the lake's options when it attaches.
    engine.closeSync()
    engine = await lake.attach('maintenance')
    const planned = await order('compact', { dryRun: true, table: table('sized') })
    const done = await order('compact', { table: table('sized') })
    expect(paths(done)).toEqual(paths(planned))
    expect(done).toMatchObject({ fileCount: 4, created: { fileCount: 2 } })
  })

  it('rewrites files from a share of deleted rows on', async () => {
    await write(
      'CREATE TABLE thinned (i INT)',
      'INSERT INTO thinned FROM range(100)',
      'INSERT INTO thinned FROM range(100, 200)',
      'DELETE FROM thinned WHERE i < 30 OR i = 150',
    )
    const planned = await order('rewrite-deletes', { dryRun: true, table: table('thinned') })
    // One file with 30 of its 100 rows deleted, and its delete file.
    expect(planned).toMatchObject({ fileCount: 2, tables: [table('thinned')] })
    expect(await order('rewrite-deletes', { dryRun: true, table: table('thinned'), deletedShare: 0.31 })).toMatchObject({ fileCount: 0 })
    const done = await order('rewrite-deletes', { table: table('thinned') })
    expect(paths(done)).toEqual(paths(planned))
    expect(await one('SELECT count(*) FROM lake.main.thinned')).toBe('169')
  })

  it('expires versions, then removes their files, and never what is younger than a day', async () => {
    await write('CREATE TABLE dropped (i INT)', 'INSERT INTO dropped FROM range(100)', 'DROP TABLE dropped')
    expect(await order('expire')).toMatchObject({ snapshotCount: 0, fileCount: 0 })
    await inCatalog(`UPDATE public.ducklake_snapshot SET snapshot_time = snapshot_time - interval '25 hours'`)
    const planned = await order('expire', { dryRun: true })
    expect(planned.snapshotCount).toBe(Number(await one('SELECT count(*) FROM lake.snapshots()')) - 1)
    expect(paths(planned).filter(path => path.startsWith('main/dropped/'))).toHaveLength(1)
    await order('expire')
    expect(await one('SELECT count(*) FROM lake.snapshots()')).toBe('1')
    expect(await order('clean-up', { dryRun: true })).toMatchObject({ fileCount: 0 })

    await inCatalog(`UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - interval '25 hours'`)
    const due = await order('clean-up', { dryRun: true })
    // What expired, and what the merges had already made superfluous.
    expect(paths(due)).toEqual(expect.arrayContaining(paths(planned)))
    expect(due.bytes).toBeGreaterThan(planned.bytes)
    expect(paths(due).every(path => existsSync(join(lake.dataPath, path)))).toBe(true)
    expect(paths(await order('clean-up'))).toEqual(paths(due))
    expect(paths(due).some(path => existsSync(join(lake.dataPath, path)))).toBe(false)
    expect(await one('SELECT count(*) FROM lake.main.thinned')).toBe('169')
    expect(await one('SELECT count(*) FROM lake.main.small')).toBe('850')
  })

  it('cleans up although some files are gone already', async () => {
    await write('CREATE TABLE gone (i INT)', 'INSERT INTO gone FROM range(10)', 'INSERT INTO gone FROM range(10)')
    const { files } = await order('compact', { table: table('gone') })
    expect(files).toHaveLength(2)
    rmSync(join(lake.dataPath, files[0]?.path ?? ''))
    await inCatalog(`UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - interval '25 hours'`)
    expect(await order('clean-up')).toMatchObject({ fileCount: 2, bytes: files[1]?.bytes })
    expect(await order('clean-up')).toMatchObject({ fileCount: 0 })
  })

  it('removes files that no version ever needed, once they are a day old', async () => {
    const orphan = join(lake.dataPath, 'main', 'small', 'left-behind.parquet')
    writeFileSync(orphan, '12345')
    expect(await order('orphans', { dryRun: true })).toMatchObject({ fileCount: 0 })
    const hoursAgo = new Date(Date.now() - 25 * 3_600_000)
    utimesSync(orphan, hoursAgo, hoursAgo)
    const listed = { fileCount: 1, bytes: 5, files: [{ path: 'main/small/left-behind.parquet', bytes: 5 }] }
    expect(await order('orphans', { dryRun: true })).toMatchObject(listed)
    expect(existsSync(orphan)).toBe(true)
    expect(await order('orphans')).toMatchObject(listed)
    expect(existsSync(orphan)).toBe(false)
  })

  it.each(['expire', 'clean-up', 'orphans'] as const)('refuses to let %s near anything younger', async task => {
    for (const olderThanHours of [23, 0, -1, Number.NaN])
      await expect(order(task, { olderThanHours })).rejects.toMatchObject({ code: 'invalidRequest' })
  })

  it('has nothing to flush in a lake without inlining', async () => {
    expect(await order('flush', { dryRun: true })).toMatchObject({ rows: 0, tables: [] })
    expect(await order('flush', { table: table('small') })).not.toHaveProperty('snapshotId')
  })
})
