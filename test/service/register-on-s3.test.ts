import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { maintain } from '../../service/engine/maintenance/maintain.ts'
import { type FileStore, openStore, sizesIn } from '../../service/files/file-store.ts'
import { parquetOf } from './parquet-files.ts'
import { temporaryFolder } from './run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'
import { writeLake } from './write-lake.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a Parquet file that fits, in a bucket', () => {
  let servers: ExternalServers
  let service: Service
  let objects: FileStore
  beforeAll(async () => {
    servers = await startExternalServers()
    await writeLake(connectionsOf(servers.environment).writer, 'CREATE TABLE numbers (id BIGINT)')
    const lakeDir = temporaryFolder()
    service = await startOn({ LAKE_DIR: lakeDir, ...servers.environment, REGISTER_MIN_MB: '1' }, lakeDir)
    const { storage, keys } = servers.minio
    objects = await openStore({ kind: 's3', bucket: 'lake', prefix: 'of-the-tests/', ...storage, ...keys.maintenance })
  })
  afterAll(async () => {
    await stopService(service)
    await servers.remove()
  })

  const append = async (data: Uint8Array) => {
    const answer = await fetch(`${service.url}/v1/tables/main/numbers/rows`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/vnd.apache.parquet' },
      body: data,
    })
    return { status: answer.status, body: await answer.json() }
  }
  const catalog = () => connectionsOf(servers.environment).writer.catalog
  const count = async () => (await service.query('SELECT count(*), sum(id) FROM numbers')).body.rows
  const large = (from: number) =>
    parquetOf(`SELECT i AS id FROM range(${from}, ${from} + 2500000) AS r(i)`, 'FORMAT parquet, COMPRESSION uncompressed')

  it('is one of its table, byte for byte, and goes the way of all files when the table is compacted', async () => {
    // More than one part of an upload.
    const data = await large(0)
    expect(data.length).toBeGreaterThan(16_777_216)
    expect(await append(data)).toMatchObject({ status: 200, body: { registered: true, rowCount: 2_500_000 } })
    const [path = '', ...more] = [...(await sizesIn(objects, 'main/numbers/')).keys()]
    expect(more).toEqual([])
    const kept = await buffer(await objects.read(path))
    expect(createHash('sha256').update(kept).digest('hex')).toBe(createHash('sha256').update(data).digest('hex'))
    expect(await count()).toEqual([['2500000', '3124998750000']])
    expect(await append(await parquetOf('SELECT 7::BIGINT AS id'))).toMatchObject({ body: { registered: false } })
    const { maintenance } = connectionsOf(servers.environment)
    const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }
    const engine = await attachLake(maintenance, limits, temporaryFolder(), [], [], 'maintenance')
    const merged = await maintain(
      { lake: engine },
      { task: 'compact', dryRun: false, run: 'r', table: { schema: 'main', name: 'numbers' } },
    )
    engine.closeSync()
    expect(merged).toMatchObject({ fileCount: 2, created: { fileCount: 1 } })
    expect(await count()).toEqual([['2500001', '3124998750007']])
  })

  it('is left for the orphan scan if its commit fails', async () => {
    const before = new Set((await sizesIn(objects)).keys())
    const rows = await count()
    const asWriter = (sql: string) => withPostgres(catalog(), client => client.query(sql))
    await asWriter('ALTER TABLE public.ducklake_data_file ADD CONSTRAINT no_more CHECK (mapping_id IS NULL) NOT VALID')
    expect(await append(await large(0))).toMatchObject({ status: 503, body: { code: 'outcomeUnknown' } })
    await asWriter('ALTER TABLE public.ducklake_data_file DROP CONSTRAINT no_more')
    const left = [...(await sizesIn(objects)).keys()].filter(path => !before.has(path))
    expect(left.length).toBeGreaterThan(0)
    const engine = await attachLake(
      connectionsOf(servers.environment).maintenance,
      { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 },
      temporaryFolder(),
      [],
      [],
      'maintenance',
    )
    const found = await engine.runAndReadAll(
      `FROM ducklake_delete_orphaned_files('lake', older_than => now() + INTERVAL 1 DAY, dry_run => true)`,
    )
    engine.closeSync()
    expect(found.getRows().flat().sort()).toEqual(left.map(path => `s3://lake/of-the-tests/${path}`).sort())
    expect(await count()).toEqual(rows)
  })
})
