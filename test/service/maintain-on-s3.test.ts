import { Readable } from 'node:stream'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { maintain } from '../../service/engine/maintenance/maintain.ts'
import type { MaintenanceOrder } from '../../service/engine/maintenance/maintenance-order.ts'
import { readRows } from '../../service/engine/maintenance/read-catalog.ts'
import { type FileStore, openStore, sizesIn } from '../../service/files/file-store.ts'
import { removeLake, temporaryFolder } from './run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { writeLake } from './write-lake.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'what an engine of maintenance does in a bucket', () => {
  const folder = temporaryFolder()
  let servers: ExternalServers
  let engine: DuckDBConnection
  let objects: FileStore
  beforeAll(async () => {
    servers = await startExternalServers()
    const { maintenance, writer } = connectionsOf(servers.environment)
    await writeLake(
      writer,
      'CREATE TABLE small (i INT)',
      ...[1, 2, 3, 4].map(part => `INSERT INTO small SELECT range * ${part} FROM range(100)`),
      'DELETE FROM small WHERE i = 99',
    )
    engine = await attachLake(maintenance, limits, folder, [], [], 'maintenance')
    const { storage, keys } = servers.minio
    objects = await openStore({ kind: 's3', bucket: 'lake', prefix: 'of-the-tests/', ...storage, ...keys.maintenance })
  })
  afterAll(async () => {
    engine.closeSync()
    removeLake(folder)
    await servers.remove()
  })

  const order = (task: MaintenanceOrder['task'], more: Partial<MaintenanceOrder> = {}) =>
    maintain({ lake: engine }, { task, dryRun: false, run: 'of the test', ...more })
  const small = { schema: 'main', name: 'small' }
  const inCatalog = (sql: string) => withPostgres(connectionsOf(servers.environment).writer.catalog, client => client.query(sql))
  const rows = () => readRows(engine, 'SELECT count(*), sum(i) FROM lake.main.small')

  it('rewrites, merges, expires and removes, with the sizes of the objects', async () => {
    const before = { rows: await rows(), objects: await sizesIn(objects) }
    expect(await order('rewrite-deletes', { table: small, deletedShare: 0.01 })).toMatchObject({ fileCount: 4, created: { fileCount: 1 } })
    expect(await order('compact', { table: small })).toMatchObject({ fileCount: 3, created: { fileCount: 1 } })
    await inCatalog(`UPDATE public.ducklake_snapshot SET snapshot_time = snapshot_time - interval '25 hours'`)
    await order('expire')
    await inCatalog(`UPDATE public.ducklake_files_scheduled_for_deletion SET schedule_start = schedule_start - interval '25 hours'`)
    const due = await order('clean-up', { dryRun: true })
    for (const { path, bytes } of due.files) expect(bytes).toBe((await sizesIn(objects)).get(path))
    // A run that was cut off in the middle: its objects are gone, and the catalog still names them.
    const [gone] = due.files
    await objects.remove(gone?.path ?? '')
    expect((await order('clean-up')).files.map(({ path }) => path)).toEqual(due.files.map(({ path }) => path))
    expect(await order('clean-up')).toMatchObject({ fileCount: 0 })
    expect(await rows()).toEqual(before.rows)
    const left = [...(await sizesIn(objects)).keys()]
    expect(left).toHaveLength(1)
    expect([...before.objects.keys()]).not.toContain(left[0])
  })

  it('leaves an object alone that no version names and that is younger than a day', async () => {
    const { storage, root } = servers.minio
    const asRoot = await openStore({ kind: 's3', bucket: 'lake', prefix: 'of-the-tests/', ...storage, ...root })
    await asRoot.write('main/small/left-behind.parquet', Readable.from([Buffer.from('12345')]))
    expect(await order('orphans')).toMatchObject({ fileCount: 0 })
    expect((await sizesIn(objects)).get('main/small/left-behind.parquet')).toBe(5)
  })
})
