import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { manifestPath, parseManifest } from '../../service/backup/manifest.ts'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { readConfig } from '../../service/config.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { readRows } from '../../service/engine/maintenance/read-catalog.ts'
import { serviceLogin } from '../../service/external/external-connections.ts'
import { type FileStore, openStore, sizesIn } from '../../service/files/file-store.ts'
import { removeLake, runModule, temporaryFolder } from './run-service.ts'
import { addExampleTable, connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { writeLake } from './write-lake.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'backup and restore of a lake on S3 and PostgreSQL', () => {
  const folder = temporaryFolder()
  let servers: ExternalServers
  let backups: FileStore
  beforeAll(async () => {
    servers = await startExternalServers()
    await addExampleTable(servers.environment)
    await writeLake(
      connectionsOf(servers.environment).writer,
      'CREATE TABLE thinned AS FROM range(1000) AS r(i)',
      'DELETE FROM thinned WHERE i % 7 = 0',
    )
    await asService(servers.environment, `SELECT pgmq.create('rides')`, `SELECT pgmq.send('rides', '{"a": 1}')`)
    const { minio } = servers
    backups = await openStore({ kind: 's3', bucket: 'backups', prefix: 'of-the-tests/', ...minio.storage, ...minio.keys.backups })
  })
  afterAll(async () => {
    removeLake(folder)
    await servers.remove()
  })

  function asService(environment: Readonly<Record<string, string>>, ...statements: string[]) {
    const { externalLake } = readConfig({ ...environment }, [])
    if (!externalLake) throw new Error('the environment names no lake')
    return withPostgres(serviceLogin(externalLake), async client => {
      const rows = []
      for (const sql of statements) rows.push(...(await client.query(sql)).rows)
      return rows
    })
  }
  async function program(name: string, words: readonly string[] = [], changed: Readonly<Record<string, string>> = {}) {
    const { password } = servers.postgres.administrator
    // The client of the object store warns of the end of Node.js 20.
    const quiet = { NODE_NO_WARNINGS: '1' }
    const settings = { ...quiet, LAKE_DIR: folder, CATALOG_ADMIN_PASSWORD: password, ...servers.environment, ...changed }
    const { exit, output } = runModule(name, settings, words)
    const code = await exit
    return { code, ...output() }
  }
  async function databases(): Promise<string[]> {
    const { rows } = await withPostgres({ ...servers.postgres.administrator, database: 'postgres' }, client =>
      client.query<{ name: string }>('SELECT datname AS name FROM pg_database ORDER BY 1'),
    )
    return rows.map(({ name }) => name)
  }

  it('copies catalog and objects into the bucket of backups', async () => {
    const made = await program('backup')
    expect(made).toMatchObject({ code: 0, error: '' })
    expect(made.out).toMatch(/ is in s3:\/\/backups\/of-the-tests\/\n/)
    expect(made.out).toMatch(/ files {5}3 of \d+ bytes, of which 3 of \d+ bytes were copied now\n {2}tables {4}2 with 1357 rows/)
    expect((await program('backup')).out).toMatch(/ files {5}3 of \d+ bytes, of which 0 of 0 bytes were copied now\n/)
  })

  it('drills in another database and another part of the bucket, and leaves neither', async () => {
    const before = { databases: await databases(), objects: [...(await sizesIn(backups)).keys()] }
    const drilled = await program('restore-drill')
    expect(drilled).toMatchObject({ code: 0, error: '' })
    expect(drilled.out).toMatch(
      /can be restored: 2 tables and 3 files are as they were\.\nRPO {2}0 s: every commit is in the backup\nRTO {2}\d+\.\d s for a restore of \d+ bytes\n$/,
    )
    expect({ databases: await databases(), objects: [...(await sizesIn(backups)).keys()] }).toEqual(before)
  })

  it('names an object that the backup lost or that was cut', async () => {
    const path = [...(await sizesIn(backups, 'files/')).keys()].find(name => name.includes('/thinned/')) ?? ''
    const whole = await buffer(await backups.read(path))
    await backups.remove(path)
    const missing = await program('restore-drill')
    await backups.write(path, Readable.from([whole.subarray(0, -1)]))
    const cut = await program('restore-drill')
    await backups.write(path, Readable.from([whole]))
    const name = path.slice('files/'.length)
    expect(missing).toMatchObject({ code: 1, error: `In s3://backups/of-the-tests/files/, ${name} is missing.\n` })
    expect(cut.error).toBe(`In s3://backups/of-the-tests/files/, ${name} has ${whole.length - 1} bytes and not ${whole.length}.\n`)
    expect(await databases()).not.toContainEqual(expect.stringContaining('drill'))
  })

  it('makes the same lake in another database and bucket, with the messages of its queues', async () => {
    const elsewhere = {
      ...servers.environment,
      CATALOG_URL: servers.environment.CATALOG_URL?.replace('/lake?', '/restored?') ?? '',
      S3_DATA_PATH: 's3://lake/restored/',
    }
    const done = await program('restore', [], elsewhere)
    expect(done).toMatchObject({ code: 0, error: '' })
    expect(await program('migrate', [], elsewhere)).toMatchObject({ code: 0, out: 'The lake is up to date.\n' })
    const { reader, writer } = connectionsOf(elsewhere)
    await writeLake(writer, 'INSERT INTO thinned VALUES (-1)')
    const engine = await attachLake(reader, { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }, folder)
    try {
      expect(await readRows(engine, 'SELECT count(*), min(i) FROM thinned')).toEqual([[858n, -1n]])
      expect(await readRows(engine, 'SELECT count(*) FROM rides')).toEqual([[500n]])
    } finally {
      engine.closeSync()
    }
    expect(await asService(elsewhere, `SELECT message FROM pgmq.read('rides', 0, 1)`)).toEqual([{ message: { a: 1 } }])
    expect(await program('restore', [], elsewhere)).toMatchObject({ code: 1, out: '', error: expect.stringContaining('is not empty') })
  })

  it('moves a lake of this machine to the servers', async () => {
    const [lakeDir, saved] = [temporaryFolder(), temporaryFolder()]
    expect(await runModule('migrate', { LAKE_DIR: lakeDir }).exit).toBe(0)
    expect(await runModule('backup', { LAKE_DIR: lakeDir }, ['--to', saved]).exit).toBe(0)
    const moved = {
      CATALOG_URL: servers.environment.CATALOG_URL?.replace('/lake?', '/moved?') ?? '',
      S3_DATA_PATH: 's3://lake/moved/',
    }
    expect(await program('restore', ['--from', saved], moved)).toMatchObject({ code: 0, error: '' })
    for (const path of [lakeDir, saved]) removeLake(path)
    await writeLake(connectionsOf({ ...servers.environment, ...moved }).writer, 'DELETE FROM rides WHERE ride_id = 1')
  })

  it('without the files saves the catalog for a bucket that is kept by other means', async () => {
    expect((await program('backup', ['--catalog-only'])).out).toMatch(/ files {5}3 of \d+ bytes are in the lake, none was copied\n/)
    const [id = ''] = (await backups.folders())
      .filter(name => name !== 'files')
      .sort()
      .reverse()
    const manifest = parseManifest((await buffer(await backups.read(manifestPath(id)))).toString(), id)
    expect(manifest).toMatchObject({ catalogOnly: true, files: [{ bytes: expect.any(Number) }, {}, {}] })
    expect(await program('restore-drill')).toMatchObject({ code: 0, error: '' })
  })

  it('needs an administrator for a restore, and a key for the bucket', async () => {
    const without = await program('restore', [], { CATALOG_ADMIN_PASSWORD: '' })
    expect(without).toMatchObject({ code: 78, error: expect.stringContaining('CATALOG_ADMIN_PASSWORD is missing') })
    const refused = await program('backup', ['--to', 's3://lake/b/'])
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('--to is "s3://lake/b/": the only bucket') })
  })
})
