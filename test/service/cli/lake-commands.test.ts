import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../../../service/cli/exit-codes.ts'
import type { Finding } from '../../../service/doctor/finding.ts'
import { extensionDir } from '../run-service.ts'
import { type Service, startService, stopService } from '../start-service.ts'
import { runLake } from './run-lake.ts'

let service: Service
let environment: Record<string, string>
const lake = (...words: readonly string[]) => runLake(words, environment)
/** @returns the answer as JSON. */
const json = async (...words: readonly string[]) => {
  const { code, out, error } = await lake('--json', ...words)
  expect({ code, error }).toEqual({ code: 0, error: '' })
  return JSON.parse(out)
}
const inLake = (name: string) => join(service.lakeDir, name)
beforeAll(async () => {
  service = await startService()
  environment = { LAKE_URL: service.url, LAKE_KEY: service.key }
})
afterAll(() => stopService(service))

describe('lake upload', () => {
  it('makes a table of a packed file, adds to it, and updates it by a column', async () => {
    writeFileSync(inLake('a.csv.gz'), gzipSync('id,name\n1,one\n2,two\n'))
    expect(await json('upload', inLake('a.csv.gz'), 'numbers', '--mode', 'create')).toMatchObject({ rowCount: 2, mode: 'create' })
    const more = await runLake(['upload', '-', 'numbers', '--type', 'ndjson'], environment, '{"id":3,"name":"three"}\n')
    expect(more).toMatchObject({ code: 0, error: '1 row, version 3 of the lake\n' })
    writeFileSync(inLake('b.json'), '[{"id": 3, "name": "drei"}]')
    expect(await json('upload', inLake('b.json'), 'numbers', '-m', 'upsert', '--by', 'id')).toMatchObject({ rowCount: 1 })
    expect((await lake('query', '-F', 'csv', 'FROM numbers ORDER BY id')).out).toBe('id,name\n1,one\n2,two\n3,drei\n')
  })

  it('says line, column and value of what does not fit, and writes nothing of a dry run', async () => {
    writeFileSync(inLake('c.csv'), 'id,amount\n1,2.50\nx,3.00\n')
    const words = ['upload', inLake('c.csv'), 'amounts', '-m', 'create', '--columns', 'id INTEGER, amount DECIMAL(18, 3)']
    const { code, error } = await lake(...words)
    expect(code).toBe(1)
    expect(error).toMatch(/^ {3}3 {2}id {6}x {6}is not a valid INTEGER$/m)
    const dry = await lake(...words, '--dry-run', '--max-rejects', '1')
    expect(dry.out).toBe('id  amount\n--  ------\n 1   2.500\n')
    expect(dry.error).toContain('1 row would be written, 1 row left out')
    expect((await lake('tables', 'amounts')).code).toBe(1)
  })
})

describe('what the other commands answer', () => {
  it('as a table', async () => {
    expect((await lake('tables')).out).toMatch(/^main {4}rides +table +500 +1 {2}\d+\.\d KiB$/m)
    expect((await lake('tables', 'rides')).out).toMatch(/^fares +DECIMAL\(9,2\) +yes$/m)
    expect((await lake('tables', 'rides', '--files')).out).toMatch(/\.parquet +500 +0 +\d+ +1$/m)
    const done = await lake('run', 'UPDATE numbers SET name = $name WHERE id = 1', '-p', 'name=eins')
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^update, 1 row, version \d+\n$/) })
    const [, version = ''] = /version (\d+)/.exec(done.out) ?? []
    expect((await lake('diff', 'numbers', `${Number(version) - 1}`)).out).toBe('   id  name\n-  --  ----\n-   1  one\n+   1  eins\n')
    expect((await lake('snapshots', 'numbers', '-n', '1')).out).toContain('update main.numbers')
    expect((await lake('settings')).out).toMatch(/^queue\.maxTries +5 +5 +How often/m)
    await expect
      .poll(async () => (await lake('lineage', 'numbers')).out, { timeout: 20_000 })
      .toContain('(create.main.numbers)  main.numbers')
    expect((await lake('maintenance', 'run', 'compact', '--dry-run')).out).toMatch(/compact \(dry run\) +succeeded/)
  })

  it('as the service’s own JSON', async () => {
    expect(await json('tables')).toMatchObject({ tables: expect.arrayContaining([expect.objectContaining({ name: 'rides' })]) })
    expect(await json('tables', 'rides')).toMatchObject({ columns: expect.arrayContaining([expect.objectContaining({ name: 'fares' })]) })
    expect(await json('query', 'SELECT 1 AS n')).toMatchObject({ rows: [[1]] })
    expect(await json('run', 'CREATE TABLE empty (n INTEGER)')).toMatchObject({ kind: 'createTable' })
    expect(await json('snapshots')).toMatchObject({ snapshots: expect.any(Array) })
    expect(await json('diff', 'rides', '0', '1')).toMatchObject({ was: 'missing', insertedCount: '500' })
    expect(await json('settings', 'set', 'queue.maxTries', '7')).toMatchObject({ value: 7 })
    expect(await json('settings', 'reset', 'queue.maxTries')).toMatchObject({ value: 5 })
    expect(await json('settings', 'history')).toMatchObject({ changes: [{ new: null, old: 7 }, { new: 7 }] })
    expect(await json('lineage', 'numbers')).toMatchObject({ root: expect.any(String) })
    expect(await json('maintenance')).toMatchObject({ runs: [{ task: 'compact' }] })
    expect(await json('keys')).toMatchObject({ keys: [{ name: 'admin' }] })
    expect(await json('keys', 'me')).toMatchObject({ scopes: ['admin'] })
  })

  it('of tables that are published', async () => {
    await lake('run', 'CREATE TABLE shared AS SELECT 1 AS id, 2 AS secret')
    const first = await lake('publish', 'shared', '--leave-out', 'secret')
    const location = inLake('published/main/shared/')
    expect(first).toMatchObject({
      code: 0,
      out: `${location}\n`,
      error: expect.stringMatching(/^Version 0 of .* files: 1 more, 0 fewer; /),
    })
    expect(await json('publish', 'shared')).toMatchObject({ version: 0, leaveOut: ['secret'], changed: false })
    expect((await lake('publish')).out).toMatch(/^main +shared +0 +\d+ +ok +\/.*\/published\/main\/shared\/$/m)
    expect((await lake('publish', 'shared', '--versions')).out).toMatch(/^ +0 +\d+ +\d{4}-/m)
    expect((await lake('publish', 'nowhere')).error).toContain('There is no table main.nowhere to publish.')
    expect((await lake('publish', '--remove')).code).toBe(exitCodes.usage)
    expect((await lake('publish', 'shared', '--remove')).code).toBe(0)
    expect(await json('publish')).toEqual({ publications: [] })
    await lake('run', 'DROP TABLE shared')
  })

  it('with a key that was made into a file, until it is revoked', async () => {
    const file = inLake('dashboard.key')
    const { code, out } = await lake('keys', 'create', 'dashboard', '--grant', 'rides', '--expires', '30d', '--output', file)
    expect(code).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    // It could not be shown a second time, so none is made where it cannot be kept.
    expect(await lake('keys', 'create', 'second', '--output', file)).toMatchObject({ code: 1, error: expect.stringContaining('EEXIST') })
    expect((await lake('keys')).out).not.toContain('second')
    const asked = (...words: string[]) => runLake(words, { LAKE_URL: service.url, LAKE_KEY_FILE: file })
    expect((await asked('keys', 'me')).out).toBe(`${out.trim()}: read; main.rides\n`)
    expect((await asked('run', 'DROP TABLE rides')).code).toBe(1)
    expect((await lake('keys', 'revoke', out.trim())).code).toBe(0)
    expect((await asked('tables')).code).toBe(1)
  })

  it('of a backup with the service’s own environment', async () => {
    const own = { LAKE_DIR: service.lakeDir, EXTENSION_DIR: extensionDir }
    const made = await runLake(['backup', 'make', '--to', inLake('backups'), '--catalog-only'], own)
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining(inLake('backups')) })
    expect((await runLake(['backup', 'make', '--nonsense'], own)).code).toBe(1)
    // As JSON, nothing else is said.
    const again = await runLake(['--json', 'backup', 'make', '--to', inLake('backups'), '--keep', '1'], own)
    expect([again.code, again.error, again.out.split('\n').length]).toEqual([0, '', 2])
    expect(JSON.parse(again.out)).toMatchObject({
      ...{ id: expect.stringMatching(/^\d{8}T\d{6}Z-\d+$/), snapshotId: expect.stringMatching(/^\d+$/), elapsedMs: expect.any(Number) },
      ...{ tableCount: expect.any(Number), copied: { fileCount: expect.any(Number) }, pruned: { removed: 1, left: 1 } },
    })
    const drilled = await runLake(['backup', 'drill', '--json', '--from', inLake('backups')], own)
    expect(JSON.parse(drilled.out)).toMatchObject({ lost: { commits: 0, oldestSeconds: 0 }, restoreMs: expect.any(Number) })
    const refused = await runLake(['backup', 'drill', '--json', '--from', inLake('none')], own)
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(JSON.parse(refused.error)).toEqual({ error: { code: 'backup', detail: expect.stringContaining('There is no backup in') } })
  })
})

describe('lake doctor', () => {
  it('looks at a lake of npm start that runs, and at a folder without one', async () => {
    const running = await runLake(['doctor', '--json'], { LAKE_DIR: service.lakeDir, EXTENSION_DIR: extensionDir })
    expect(running).toMatchObject({ code: 0, error: '' })
    expect(JSON.parse(running.out).findings.map(({ what }: { what: string }) => what)).toEqual(
      expect.arrayContaining(['The lake’s files are in a folder.', 'The role ducklake_reader may read, and no more.']),
    )
    const empty = await runLake(['doctor'], { LAKE_DIR: inLake('empty'), EXTENSION_DIR: inLake('empty') })
    expect(empty.code).toBe(1)
    expect(empty.out).toContain('There is no lake in the folder yet; the first start makes one.')
    expect(empty.out).toMatch(/^fault +extensions +The extension ducklake for DuckDB v[\d.]+ is not in .*\n +→ Run "npm run migrate"/m)
  })
})

describe('lake doctor, of published tables', () => {
  async function told() {
    const { code, out } = await runLake(['doctor', '--json'], { LAKE_DIR: service.lakeDir, EXTENSION_DIR: extensionDir })
    const { findings }: { findings: readonly Finding[] } = JSON.parse(out)
    return { code, told: findings.filter(({ check }) => check === 'publications').map(({ state, what, todo = '' }) => [state, what, todo]) }
  }

  it('finds one whose files are gone, one whose log has a gap, and one that went no further', async () => {
    expect(await told()).toEqual({ code: 0, told: [['ok', 'No table is published.', '']] })
    for (const name of ['gone', 'gap', 'left', 'well']) {
      expect((await lake('run', `CREATE TABLE ${name} AS SELECT 1 AS id`)).code).toBe(0)
      expect((await lake('publish', name)).code).toBe(0)
    }
    expect(await told()).toEqual({ code: 0, told: [['ok', 'Logs and files are there of all published tables: 4.', '']] })
    await lake('run', 'ALTER TABLE "left" ADD COLUMN at TIME')
    expect((await lake('publish', 'left')).code).toBe(1)
    rmSync(inLake('published/main/gap/_delta_log/00000000000000000000.json'))
    const folder = inLake('data/main/gone')
    for (const file of readdirSync(folder)) rmSync(join(folder, file))
    expect(await told()).toEqual({
      code: 1,
      told: [
        [
          'fault',
          'The log of main.gap cannot be read: main/gap/_delta_log/00000000000000000000.json is not there.',
          'Publish it anew: "lake publish main.gap --remove", then "lake publish main.gap".',
        ],
        [
          'fault',
          expect.stringMatching(/^1 of 1 files that version 0 of main\.gone names are gone, such as file:\/\/.*\.parquet\.$/),
          expect.stringContaining('restore it from a backup'),
        ],
        [
          'warning',
          expect.stringMatching(/^The last attempt to publish main\.left failed: The column at is of type time/),
          expect.stringContaining('lake publish main.left'),
        ],
      ],
    })
    for (const name of ['gone', 'gap', 'left', 'well']) expect((await lake('publish', name, '--remove')).code).toBe(0)
  })
})

describe('completion', () => {
  it('knows commands, options, choices and tables', async () => {
    const words = async (...before: string[]) => (await lake('complete', '--', ...before)).out.split('\n').map(line => line.split('\t')[0])
    expect(await words('qu')).toEqual(['query', ''])
    expect(await words('query', '--for')).toEqual(['--format', ''])
    expect(await words('--json', 'query', '--format', 'p')).toEqual(['parquet', ''])
    expect(await words('maintenance', 'run', 're')).toEqual(['rewrite-deletes', ''])
    expect(await words('upload', 'file.csv', 'ri')).toEqual(['rides', ''])
    expect(await words('upload', '')).toEqual([''])
    expect(await words('')).not.toContain('complete')
  })

  it('works in bash', async () => {
    const { out } = await lake('completion', 'bash')
    const script = `${out}\nCOMP_WORDS=(lake maint); COMP_CWORD=1; _lake; echo "\${COMPREPLY[*]}"`
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...environment, PATH: process.env.PATH } })).toBe(
      'maintenance\n',
    )
  })
})

describe('docs/cli.md', () => {
  const page = readFileSync('docs/cli.md', 'utf8')
  it('has every command', async () => {
    const { out } = await lake('--help')
    const commands = [...(out.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
    expect(commands.filter(name => name !== 'help')).toEqual([...page.matchAll(/^\| `lake ([a-z]+)/gm)].map(([, name]) => name))
  })

  it('has every exit code', () => {
    expect([...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))).toEqual(Object.values(exitCodes))
  })
})
