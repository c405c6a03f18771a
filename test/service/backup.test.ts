import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Manifest, manifestPath, tablePath } from '../../service/backup/manifest.ts'
import { embeddedConnections } from '../../service/embedded/embedded-connections.ts'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { postgresOf } from '../../service/embedded/start-postgres.ts'
import { findPause } from '../../service/store/maintenance-pause.ts'
import { listRuns } from '../../service/store/maintenance-runs.ts'
import { Store } from '../../service/store/store.ts'
import { callService } from './call-service.ts'
import { extensionDir, removeLake, runModule, temporaryFolder } from './run-service.ts'
import { type Service, startOn, stopService } from './start-service.ts'
import { writeLake } from './write-lake.ts'

describe('backup and restore of an embedded lake, while its service runs', () => {
  const [lakeDir, restored, backups, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder(), temporaryFolder()]
  let service: Service
  let store: Store
  let keyOfTheSaved: string
  beforeAll(async () => {
    service = await startOn({ LAKE_DIR: lakeDir }, lakeDir)
    keyOfTheSaved = (await callService(service)('POST', '/v1/keys', { name: 'dashboard', scopes: ['read'] })).body.key
    store = new Store(lake().service)
    await write(
      'CREATE SCHEMA "other.one"',
      `CREATE TABLE "other.one"."it's" (a INT, "a row" VARCHAR, nested STRUCT(x INT, y VARCHAR[]))`,
      `INSERT INTO "other.one"."it's" VALUES (1, NULL, {x: 1, y: ['a']}), (2, 'two', NULL)`,
      'CREATE TABLE thinned AS FROM range(1000) AS r(i)',
      'DELETE FROM thinned WHERE i % 7 = 0',
      'CREATE VIEW sums AS SELECT sum(i) AS total FROM thinned',
      'CREATE TABLE dropped (i INT)',
      'INSERT INTO dropped VALUES (1)',
      'DROP TABLE dropped',
    )
  })
  afterAll(async () => {
    await store.close()
    await stopService(service)
    for (const folder of [restored, backups, temporary]) removeLake(folder)
  })

  function lake() {
    const folder = foldersOf(lakeDir)
    return embeddedConnections(folder, extensionDir, postgresOf(folder))
  }
  const write = (...statements: string[]) => writeLake(lake().connections.writer, ...statements)
  async function program(name: string, words: readonly string[], folder = lakeDir) {
    const { exit, output } = runModule(name, { LAKE_DIR: folder, TMPDIR: temporary }, words)
    const code = await exit
    return { code, ...output() }
  }
  const ids = () =>
    readdirSync(backups)
      .filter(name => name !== 'files')
      .sort()
  const newest = (): Manifest => {
    const finished = ids().filter(id => existsSync(join(backups, manifestPath(id))))
    return JSON.parse(readFileSync(join(backups, manifestPath(finished.at(-1) ?? '')), 'utf8'))
  }

  it('copies what is there, for its owner’s eyes, and the second time only what is new', async () => {
    const first = await program('backup', ['--to', backups])
    expect(first).toMatchObject({ code: 0, error: '' })
    expect(first.out).toMatch(
      / files {5}5 of \d+ bytes, of which 5 of \d+ bytes were copied now\n {2}tables {4}3 with 1359 rows, with a checksum of each\n/,
    )
    const [id = ''] = ids()
    expect(statSync(join(backups, manifestPath(id))).mode & 0o777).toBe(0o600)
    expect(newest().files).toHaveLength(5)
    await write('INSERT INTO thinned VALUES (-1)')
    const second = await program('backup', ['--to', backups])
    expect(second.out).toMatch(/ files {5}6 of \d+ bytes, of which 1 of \d+ bytes were copied now\n/)
    expect(await listRuns(store.ask, { task: 'backup', limit: 9 })).toMatchObject([
      { state: 'succeeded', report: { fileCount: 6, created: { fileCount: 1 } } },
      { state: 'succeeded', report: { fileCount: 5 } },
    ])
    expect(await findPause(store.ask)).toBeUndefined()
  })

  it('makes the same lake elsewhere: tables, views, versions, keys', async () => {
    const done = await program('restore', ['--from', backups], restored)
    expect(done).toMatchObject({ code: 0, error: '' })
    expect(done.out).toContain(': 3 tables, 6 files.\n')
    const other = await startOn({ LAKE_DIR: restored }, restored)
    try {
      const ask = async (sql: string, key = other.key) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/sql' }
        const response = await fetch(`${other.url}/v1/query`, { method: 'POST', headers, body: sql })
        return JSON.parse(await response.text()).rows
      }
      for (const sql of [`FROM "other.one"."it's" ORDER BY a`, 'SELECT total FROM sums', 'SELECT count(*) FROM thinned AT (VERSION => 5)'])
        expect(await ask(sql, keyOfTheSaved)).toEqual((await service.query(sql)).body.rows)
      expect(await ask('SELECT count(*) FROM dropped AT (VERSION => 9)')).toEqual([['1']])
      expect(await ask('SELECT count(*) FROM rides')).toEqual([['500']])
      const { writer } = embeddedConnections(foldersOf(restored), extensionDir, postgresOf(foldersOf(restored))).connections
      await writeLake(writer, 'INSERT INTO thinned VALUES (-2)', 'DELETE FROM thinned WHERE i = 1')
      expect(await ask('SELECT count(*), min(i) FROM thinned')).toEqual([['858', '-2']])
    } finally {
      other.child.kill('SIGTERM')
      await other.exit
    }
  })

  it('restores into nothing that is there already', async () => {
    const refused = await program('restore', ['--from', backups], restored)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.error).toMatch(
      /^The database ducklake is not empty, it has (public|app)\.\w+: restore into another, or drop that one first\.\n$/,
    )
  })

  it('drills: restores aside, says what a loss would cost, leaves nothing behind', async () => {
    const drilled = await program('restore-drill', ['--from', backups])
    expect(drilled).toMatchObject({ code: 0, error: '' })
    expect(drilled.out).toMatch(
      /can be restored: 3 tables and 6 files are as they were\.\nRPO {2}0 s: every commit is in the backup\nRTO {2}\d+\.\d s for a restore of \d+ bytes\n$/,
    )
    await write('INSERT INTO thinned VALUES (-3)')
    const without = await program('restore-drill', ['--from', backups])
    expect(without.out).toMatch(/RPO {2}[\d.]+ s: 1 commits are not in the backup, the oldest of them [\d.]+ s old, the newest [\d.]+ s\n/)
    // Without a place of backups it makes one for itself.
    expect(await program('restore-drill', [])).toMatchObject({ code: 0, out: expect.stringContaining('RPO  0 s') })
    expect(readdirSync(temporary)).toEqual([])
    expect(await listRuns(store.ask, { task: 'restore-drill', limit: 9 })).toMatchObject(Array(3).fill({ state: 'succeeded' }))
  })

  it('keeps as many backups as it is told to, and their files', async () => {
    await write('DROP TABLE thinned')
    const pruned = await program('backup', ['--to', backups, '--keep', '1', '--without-checksums'])
    expect(pruned.out).toContain('Removed 2 older backups and 0 files; 1 are left.\n')
    expect(ids()).toEqual([newest().id])
    expect(await program('restore-drill', ['--from', backups])).toMatchObject({ code: 0 })
  })

  describe('finds what is broken, by its name', () => {
    let whole: Manifest
    beforeAll(async () => {
      expect((await program('backup', ['--to', backups, '--keep', '1'])).error).toBe('')
      whole = newest()
    })
    /** Breaks the backup, drills, and mends it again. */
    async function drillWith(path: string, breaking: (file: string) => void) {
      const file = join(backups, path)
      const [bytes, manifest] = [readFileSync(file), readFileSync(join(backups, manifestPath(whole.id)))]
      breaking(file)
      const { code, error } = await program('restore-drill', ['--from', backups])
      writeFileSync(file, bytes)
      writeFileSync(join(backups, manifestPath(whole.id)), manifest)
      expect(readdirSync(temporary)).toEqual([])
      expect(code).toBe(1)
      return error
    }
    /** Takes the last row out of a table's dump. @param counted whether the manifest says so too */
    function withoutRow(name: string, counted: boolean) {
      return (file: string) => {
        const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
        const bytes = gzipSync(
          rows
            .slice(0, -1)
            .map(row => `${row}\n`)
            .join(''),
        )
        writeFileSync(file, bytes)
        const catalog = whole.catalog.map(table =>
          table.name === name
            ? {
                ...table,
                bytes: bytes.length,
                sha256: createHash('sha256').update(bytes).digest('hex'),
                rows: table.rows - (counted ? 1 : 0),
              }
            : table,
        )
        writeFileSync(join(backups, manifestPath(whole.id)), JSON.stringify({ ...whole, catalog }))
      }
    }
    const dump = (name: string) => tablePath(whole.id, { schema: 'public', name })
    const file = () => whole.files.find(({ path }) => path.startsWith('main/rides/'))?.path ?? ''

    it('a missing file', async () => {
      expect(await drillWith(`files/${file()}`, path => rmSync(path))).toBe(`In ${backups}files/, ${file()} is missing.\n`)
    })

    it('a file with one other byte', async () => {
      const error = await drillWith(`files/${file()}`, path => {
        const bytes = readFileSync(path)
        bytes[100] = (bytes[100] ?? 0) ^ 1
        writeFileSync(path, bytes)
      })
      expect(error).toBe(`${backups}files/${file()} has other bytes than it had when it was saved.\n`)
    })

    it('a truncated dump', async () => {
      const error = await drillWith(dump('ducklake_column'), path => truncateSync(path, 40))
      expect(error).toMatch(/^The table public\.ducklake_column of the backup \S+ has 40 bytes and not \d+: it is cut or changed\.\n$/)
    })

    it('a row that the dump lost', async () => {
      const error = await drillWith(dump('ducklake_data_file'), withoutRow('ducklake_data_file', false))
      expect(error).toMatch(/^The table public\.ducklake_data_file of the backup \S+ has \d+ rows and not \d+\.\n$/)
    })

    it('a row that was not in the catalog when it was saved', async () => {
      const error = await drillWith(dump('ducklake_data_file'), withoutRow('ducklake_data_file', true))
      expect(error).toMatch(/^The restored catalog does not know the file main\/thinned\/\S+\.parquet of \d+ bytes\.\n$/)
    })

    it('a backup that was not finished', async () => {
      const unfinished = join(backups, '20991231T235959Z-9')
      mkdirSync(unfinished)
      expect(await program('restore-drill', ['--from', backups])).toMatchObject({ code: 0, out: expect.stringContaining(whole.id) })
      rmSync(unfinished, { recursive: true })
      const error = await drillWith(manifestPath(whole.id), path => rmSync(path))
      expect(error).toBe(`There is no backup in ${backups}: npm run backup makes one.\n`)
    })

    it('a file that the lake itself has lost', async () => {
      const lost = join(foldersOf(lakeDir).data, file())
      const bytes = readFileSync(lost)
      rmSync(lost)
      const refused = await program('backup', ['--to', backups])
      writeFileSync(lost, bytes)
      expect(refused).toMatchObject({ code: 1, out: '', error: `In ${foldersOf(lakeDir).data}/, ${file()} is missing.\n` })
      // What it dumped by then does not count.
      expect(newest().id).toBe(whole.id)
      const detail = expect.stringContaining(file())
      expect(await listRuns(store.ask, { task: 'backup', limit: 1 })).toMatchObject([{ state: 'failed', error: { detail } }])
      expect(await findPause(store.ask)).toBeUndefined()
    })
  })

  it.each([
    ['backup', [], 'Say where the backups are: --to FOLDER, or S3_BACKUP_PATH for a lake on S3.'],
    ['backup', ['--too', '/x'], `Unknown option '--too'`],
    ['backup', ['--to', '/x', '--keep', '0'], '--keep is "0": use a whole number from 1 on.'],
    ['restore', ['--from', '/nowhere'], 'There is no backup in /nowhere'],
    [
      'restore-drill',
      ['--from', 's3://other/bucket'],
      '--from is "s3://other/bucket": the only bucket that there is a key for is the one of S3_BACKUP_PATH.',
    ],
  ])('refuses %s %j', async (name, words, sentence) => {
    const refused = await program(name, words)
    expect(refused).toMatchObject({ code: 1, out: '', error: expect.stringContaining(sentence) })
  })
})
