import { readdirSync } from 'node:fs'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import type { EngineClass, LakeConnection } from '../../service/catalog/lake-connection.ts'
import { probeCatalog } from '../../service/catalog/probe-catalog.ts'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { probeStorage } from '../../service/storage/probe-storage.ts'
import { removeLake, run, temporaryFolder } from './run-service.ts'
import { addExampleTable, connectionsOf, type ExternalServers, migrate, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a lake on S3 and PostgreSQL', () => {
  let servers: ExternalServers
  let lake: Readonly<Record<EngineClass, LakeConnection>>
  const folder = temporaryFolder()
  beforeAll(async () => {
    servers = await startExternalServers()
    lake = connectionsOf(servers.environment)
    await addExampleTable(servers.environment)
  })
  afterAll(async () => {
    removeLake(folder)
    await servers.remove()
  })

  const engine = (engineClass: EngineClass) => attachLake(lake[engineClass], limits, folder, [], [], engineClass)
  const oneValue = async (duckdb: DuckDBConnection, sql: string) => (await duckdb.runAndReadAll(sql)).getRows()[0]?.[0]
  /** As the owner of the catalog. */
  const inCatalog = (sql: string) => withPostgres(lake.writer.catalog, client => client.query(sql))

  describe('migrate', () => {
    it('changes nothing the second time', async () => {
      expect(await migrate(servers.environment, servers.postgres)).toEqual({ code: 0, out: 'The lake is up to date.\n', error: '' })
    })

    it('may run twice at once, and one of them does each thing', async () => {
      const settings = { ...servers.environment, CATALOG_URL: servers.environment.CATALOG_URL?.replace('/lake?', '/other?') ?? '' }
      const runs = await Promise.all([migrate(settings, servers.postgres), migrate(settings, servers.postgres)])
      expect(runs.map(({ code, error }) => ({ code, error }))).toEqual([
        { code: 0, error: '' },
        { code: 0, error: '' },
      ])
      const did = runs.flatMap(({ out }) => out.trim().split('\n')).filter(line => line !== 'The lake is up to date.')
      expect(did).toEqual([
        'made the database other',
        'made the catalog of the files in s3://lake/of-the-tests/',
        'switched inlining off',
        ...readdirSync('service/store/migrations')
          .sort()
          .map(name => `updated the schema app: ${name}`),
        'installed PGMQ 1.13.0 by its SQL',
      ])
    })

    it('sets a changed password', async () => {
      const changed = { ...servers.environment, CATALOG_READER_PASSWORD: 'changed' }
      expect((await migrate(changed, servers.postgres)).out).toContain('set the password of the role ducklake_reader\n')
      await probeCatalog(connectionsOf(changed).reader)
      await expect(probeCatalog(lake.reader)).rejects.toMatchObject({
        code: 'catalogUnavailable',
        detail: `The catalog's PostgreSQL cannot be used as ducklake_reader: it refuses the password.`,
      })
      expect((await migrate(servers.environment, servers.postgres)).code).toBe(0)
    })

    it('needs an administrator', async () => {
      const refused = await migrate({ ...servers.environment, CATALOG_ADMIN_PASSWORD: '' }, servers.postgres)
      expect(refused).toMatchObject({ code: 78, error: expect.stringContaining('CATALOG_ADMIN_PASSWORD is missing') })
    })

    it('refuses other files', async () => {
      const refused = await migrate({ ...servers.environment, S3_DATA_PATH: 's3://lake/elsewhere/' }, servers.postgres)
      expect(refused).toMatchObject({
        code: 1,
        error:
          "The catalog's files lie in s3://lake/of-the-tests/, the service looks for them in s3://lake/elsewhere/: set S3_DATA_PATH to the former.\n",
      })
    })
  })

  describe('the roles', () => {
    it('of readers cannot write', async () => {
      for (const sql of [
        `UPDATE ducklake_metadata SET value = value`,
        `DELETE FROM ducklake_data_file`,
        'CREATE TABLE mine (i int)',
        'CREATE TABLE app.mine (i int)',
        'TABLE app.migration',
      ]) {
        await expect(withPostgres(lake.reader.catalog, client => client.query(sql))).rejects.toMatchObject({ code: '42501' })
      }
    })

    it('get English errors whatever the server speaks', async () => {
      const { rows } = await inCatalog(`SELECT rolname FROM pg_roles WHERE 'lc_messages=C' = ANY (rolconfig) ORDER BY rolname`)
      expect(rows.map(({ rolname }) => rolname)).toEqual(['ducklake_maintenance', 'ducklake_reader', 'ducklake_service', 'ducklake_writer'])
    })

    it('of the gateway own the schema app and see nothing else', async () => {
      const service = { ...lake.reader.catalog, user: 'ducklake_service', password: servers.environment.CATALOG_SERVICE_PASSWORD ?? '' }
      await withPostgres(service, client => client.query('CREATE TABLE app.mine (i int); DROP TABLE app.mine'))
      await expect(withPostgres(service, client => client.query('TABLE ducklake_metadata'))).rejects.toMatchObject({ code: '42501' })
    })
  })

  describe('the keys', () => {
    /** DuckDB without the lake, with a class's key only. */
    const withKey = async (engineClass: EngineClass) => {
      const { storage } = lake[engineClass]
      if (storage.kind !== 's3') throw new Error('not on S3')
      const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
      await duckdb.run(`SET extension_directory = '${lake.reader.extensionDir}'; LOAD httpfs;
        CREATE SECRET s (TYPE s3, KEY_ID '${storage.keyId}', SECRET '${storage.secret}', ENDPOINT '${storage.endpoint}', URL_STYLE 'path', USE_SSL false)`)
      return duckdb
    }

    const lakeFiles = `SELECT count(*) FROM glob('s3://lake/of-the-tests/**')`

    it('of readers can read and list, not put', async () => {
      const duckdb = await withKey('reader')
      expect(await oneValue(duckdb, `SELECT count(*) FROM read_parquet('s3://lake/of-the-tests/main/rides/*')`)).toBe(500n)
      await expect(duckdb.run(`COPY (SELECT 1) TO 's3://lake/of-the-tests/mine.parquet'`)).rejects.toThrow('403')
    })

    it.each(['reader', 'writer'] as const)('of a %s cannot delete, also not with the clean-up of a lake of its own', async engineClass => {
      const duckdb = await withKey(engineClass)
      await duckdb.run(`LOAD ducklake; ATTACH 'ducklake::memory:' AS rogue (DATA_PATH 's3://lake/of-the-tests/')`)
      await duckdb.run(`CALL ducklake_delete_orphaned_files('rogue', cleanup_all => true)`).catch(() => {})
      expect(await oneValue(duckdb, lakeFiles)).toBe(1n)
    })

    it('of writers can put, which is all that inserting, updating, deleting and merging need', async () => {
      const writer = await engine('writer')
      await writer.run('CREATE TABLE changed AS SELECT i, i % 10 AS n FROM range(1000) AS t(i)')
      await writer.run('UPDATE changed SET n = 11 WHERE i < 5')
      await writer.run('DELETE FROM changed WHERE i = 999')
      await writer.run(
        'MERGE INTO changed USING (SELECT 5 AS i UNION ALL SELECT 2000) AS s ON changed.i = s.i WHEN MATCHED THEN UPDATE SET n = 12 WHEN NOT MATCHED THEN INSERT VALUES (s.i, 13)',
      )
      expect(await oneValue(writer, 'SELECT [count(*), count_if(n = 11), count_if(n = 12), count_if(n = 13)]::VARCHAR FROM changed')).toBe(
        '[1000, 5, 1, 1]',
      )
    })

    it('of maintenance can compact and clean up', async () => {
      const maintenance = await engine('maintenance')
      const before = Number(await oneValue(maintenance, lakeFiles))
      await maintenance.run(`CALL ducklake_rewrite_data_files('lake', delete_threshold => 0)`)
      await maintenance.run(`CALL ducklake_merge_adjacent_files('lake')`)
      await maintenance.run(`CALL ducklake_expire_snapshots('lake', older_than => now())`)
      await maintenance.run(`CALL ducklake_cleanup_old_files('lake', cleanup_all => true)`)
      expect(Number(await oneValue(maintenance, lakeFiles))).toBeLessThan(before)
      expect(await oneValue(maintenance, 'SELECT count(*) FROM changed')).toBe(1000n)
    })
  })

  describe('an engine', () => {
    it('may change the order of rows after the lock, and nothing else', async () => {
      const reader = await engine('reader')
      await reader.run('SET preserve_insertion_order = false')
      await expect(reader.run('SET threads = 1')).rejects.toThrow('the configuration has been locked')
      await expect(reader.run(`FROM 's3://raw/a.parquet'`)).rejects.toThrow('disabled by configuration')
      expect(await oneValue(reader, `SELECT path FROM duckdb_databases() WHERE database_name = 'lake'`)).not.toContain('127.0.0.1')
    })

    it.each([
      ['version', `UPDATE ducklake_metadata SET value = '9.9' WHERE key = 'version'`, '1.0', "The catalog is of DuckLake's version 9.9"],
      [
        'data_path',
        `UPDATE ducklake_metadata SET value = 's3://lake/x/' WHERE key = 'data_path'`,
        's3://lake/of-the-tests/',
        "The catalog's files lie in s3://lake/x/",
      ],
      [
        'data_inlining_row_limit',
        `UPDATE ducklake_metadata SET value = '10' WHERE key = 'data_inlining_row_limit'`,
        '0',
        'Inlining is on in the catalog (for all tables)',
      ],
    ])('and the service refuse a catalog with a wrong %s', async (key, change, right, sentence) => {
      await inCatalog(change)
      try {
        await expect(probeCatalog(lake.reader)).rejects.toMatchObject({ code: 'catalogUnfit', detail: expect.stringContaining(sentence) })
        await expect(engine('reader')).rejects.toThrow()
        const service = run({ LAKE_DIR: folder, ...servers.environment })
        expect(await service.exit).toBe(1)
        expect(service.output().error).toContain(sentence)
      } finally {
        await inCatalog(`UPDATE ducklake_metadata SET value = '${right}' WHERE key = '${key}'`)
      }
      await probeCatalog(lake.reader)
    })

    it('and the service refuse a database without a catalog', async () => {
      const settings = { ...servers.environment, CATALOG_URL: servers.environment.CATALOG_URL?.replace('/lake?', '/postgres?') ?? '' }
      const service = run({ LAKE_DIR: folder, ...settings })
      expect(await service.exit).toBe(1)
      expect(service.output().error).toBe('The database postgres holds no catalog of a lake: run "npm run migrate".\n')
    })
  })

  it('has a store that says what is wrong with a key or a bucket', async () => {
    const { reader } = lake
    await probeStorage(reader)
    await expect(probeStorage({ ...reader, storage: { ...reader.storage, ...{ secret: 'wrong' } } })).rejects.toMatchObject({
      detail: 'The object store refuses the reader’s key.',
    })
    const root = servers.minio.root
    await expect(probeStorage({ ...reader, dataPath: 's3://nowhere/', storage: { ...reader.storage, ...root } })).rejects.toMatchObject({
      detail: 'The object store has no bucket nowhere.',
    })
  })
})
