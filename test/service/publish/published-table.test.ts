import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deltalake } from '../python-package.ts'
import { type Service, startService, stopService } from '../start-service.ts'
import { readByTheRules } from './protocol-rules.ts'
import { publishTables } from './publish-tables.ts'
import { type DeltaReader, openDelta } from './read-delta.ts'

const missing = deltalake.install()
const skipped = process.env.CI === 'true' ? undefined : missing

let service: Service
const { call, write, publish } = publishTables(() => service)
beforeAll(async () => {
  service = await startService()
  await call('PUT', '/v1/settings/publish.everySeconds', { value: 0 })
})
afterAll(() => stopService(service))
const filesOf = async (table: string) => (await call('GET', `/v1/tables/main/${table}/files`)).body.files.length
const dataFiles = () => readdirSync(join(service.lakeDir, 'data'), { recursive: true, encoding: 'utf8' }).sort()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a published table, read by delta-rs', () => {
  let delta: DeltaReader | undefined
  afterAll(() => delta?.close())

  it('has in each version what the lake has at its snapshot, and keeps the log’s rules', async () => {
    expect(missing).toBeUndefined()
    await write(
      'CREATE TABLE events (id INTEGER, name VARCHAR, amount DECIMAL(10,2), gone INTEGER)',
      `INSERT INTO events SELECT range::INT, 'n' || range, range / 4, 1 FROM range(70000)`,
    )
    const before = dataFiles()
    const first = await publish('events')
    expect(first).toMatchObject({
      status: 200,
      body: { schema: 'main', table: 'events', version: 0, changed: true, addedFiles: 1, removedFiles: 0, leaveOut: [], error: null },
    })
    const { location } = first.body
    expect(location).toBe(join(service.lakeDir, 'published', 'main', 'events/'))
    delta = openDelta(location)
    await write('DELETE FROM events WHERE id < 10 OR id % 5 = 0', `UPDATE events SET name = 'changed' WHERE id = 501`)
    expect((await publish('events')).body).toMatchObject({ version: 1, addedFiles: 2, removedFiles: 1 })
    await write('ALTER TABLE events DROP COLUMN gone', 'ALTER TABLE events ADD COLUMN note VARCHAR')
    expect((await publish('events')).body).toMatchObject({ version: 2, addedFiles: 0, removedFiles: 0 })
    await write(`INSERT INTO events VALUES (-1, 'new', 0.5, 'noted')`)
    await publish('events')
    const written = dataFiles()
    expect((await publish('events')).body).toMatchObject({ version: 3, changed: false, bytes: 0 })
    for (const task of ['rewrite-deletes', 'compact']) {
      const body = { table: { schema: 'main', table: 'events' }, ...(task === 'rewrite-deletes' && { deletedPercent: 1 }) }
      const run = await call('POST', `/v1/maintenance/${task}`, body, undefined, { prefer: 'wait=60' })
      expect(run.body).toMatchObject({ state: 'succeeded' })
    }
    await publish('events')
    await write('DELETE FROM events WHERE id >= 0', `ALTER TABLE events RENAME COLUMN name TO label`)
    await publish('events')
    // Nothing was copied, and nothing of it lies among the lake's files.
    expect(written.filter(path => !before.includes(path)).every(path => path.startsWith('main/events'))).toBe(true)
    expect(dataFiles().filter(path => path.includes('_delta_log'))).toEqual([])

    const { body } = await call('GET', '/v1/tables/main/events/publication')
    expect(body.versions.map(({ version }: { version: number }) => version)).toEqual([5, 4, 3, 2, 1, 0])
    const log = readByTheRules(location)
    for (const { version, snapshotId } of body.versions) {
      const sql = (type: string) => `SELECT count(*)::${type}, sum(id)::${type}, max(amount)::${type} FROM`
      const asOf = await service.query({ sql: `${sql('VARCHAR')} events`, asOf: { version: snapshotId } })
      expect((await delta.ask(`${sql('VARCHAR')} t`, version)).rows).toEqual(asOf.body.rows)
      expect(log[version]?.snapshotId).toBe(snapshotId)
    }
    expect(log.at(-1)?.files.size).toBe(await filesOf('events'))
    expect((await delta.ask(`SELECT id::VARCHAR, note FROM t`)).rows).toEqual([['-1', 'noted']])
    expect((await delta.ask(`SELECT name FROM t WHERE id = 501`, 1)).rows).toEqual([['changed']])
  })

  it('is read from a checkpoint on, without the versions before', async () => {
    await call('PUT', '/v1/settings/publish.checkpointEvery', { value: 2 })
    await write('CREATE TABLE often (id INTEGER, m MAP(VARCHAR, INTEGER))')
    const { location } = (await publish('often')).body
    for (let i = 1; i <= 3; i += 1) {
      await write(`INSERT INTO often SELECT range, MAP {'a': ${i}} FROM range(10)`, `DELETE FROM often WHERE id = ${i}`)
      await publish('often')
    }
    await call('DELETE', '/v1/settings/publish.checkpointEvery')
    const log = join(location, '_delta_log')
    expect(JSON.parse(readFileSync(join(log, '_last_checkpoint'), 'utf8'))).toMatchObject({ version: 2, size: 4, numOfAddFiles: 2 })
    for (const version of [0, 1]) rmSync(join(log, `${`${version}`.padStart(20, '0')}.json`))
    const reader = openDelta(location)
    try {
      for (const [version, rows] of [
        [2, '17'],
        [3, '24'],
      ] as const)
        expect(await reader.ask('SELECT count(*)::VARCHAR FROM t', version)).toEqual({ version, rows: [[rows]] })
    } finally {
      reader.close()
    }
  })

  it('has every type that Delta has a word for, with the values of the lake', async () => {
    const columns = {
      b: "BOOLEAN, true, '1'",
      i1: 'TINYINT, -128, 1',
      i2: 'SMALLINT, -32768, 1',
      i8: 'BIGINT, 9223372036854775807, 1',
      u1: 'UTINYINT, 255, 1',
      u2: 'USMALLINT, 65535, 1',
      u4: 'UINTEGER, 4294967295, 1',
      u8: 'UBIGINT, 18446744073709551615, 1',
      f4: 'FLOAT, 0.5, 1',
      f8: "DOUBLE, 'inf', 1",
      d: 'DECIMAL(38,2), 123456789012345678901234567890123456.78, 1',
      s: "VARCHAR, 'ä€😀', ''",
      day: "DATE, '2024-02-29', '1969-12-31'",
      at: "TIMESTAMP, '2024-02-29 12:00:00.123456', '1969-12-31'",
      seconds: "TIMESTAMP_S, '2024-02-29 12:00:01', '1969-12-31'",
      millis: "TIMESTAMP_MS, '2024-02-29 12:00:00.123', '1969-12-31'",
    }
    const rows = Object.entries(columns).map(([name, text]) => [name, ...text.split(/, (?![^(]*\))/)])
    await write(
      `CREATE TABLE kinds (${rows.map(([name, type]) => `${name} ${type}`)}, z TIMESTAMPTZ, x BLOB, u UUID, j JSON, o STRUCT(p INTEGER, q VARCHAR[]), l INTEGER[], m MAP(VARCHAR, INTEGER))`,
      `INSERT INTO kinds VALUES (${rows.map(([, , value]) => value)}, '2024-02-29 12:00:00+02', 'ab', '6f9619ff-8b86-d011-b42d-00c04fc964ff', '{"a": 1}', {p: 1, q: ['x', NULL]}, [1, NULL], MAP {'k': 2})`,
      `INSERT INTO kinds (i8) VALUES (1)`,
    )
    const { body } = await publish('kinds')
    expect(body).toMatchObject({ version: 0, addedFiles: 2 })
    readByTheRules(body.location)
    const reader = openDelta(body.location)
    try {
      const one = async (sql: string) => (await reader.ask(`SELECT ${sql} FROM t WHERE i8 > 1`)).rows[0]
      expect(await one('b, i1, i2, i8, u1, u2, u4, u8, f4, f8, d, s')).toEqual([
        ...['True', '-128', '-32768', '9223372036854775807', '255', '65535', '4294967295', '18446744073709551615'],
        ...['0.5', 'inf', '123456789012345678901234567890123456.78', 'ä€😀'],
      ])
      expect(await one('day, at, seconds, millis, z')).toEqual([
        ...['2024-02-29', '2024-02-29 12:00:00.123456', '2024-02-29 12:00:01', '2024-02-29 12:00:00.123000', '2024-02-29 10:00:00+00:00'],
      ])
      expect(await one("encode(x, 'hex'), encode(u, 'hex'), j, o, l, m")).toEqual([
        ...['6162', '6f9619ff8b86d011b42d00c04fc964ff', '{"a": 1}', "{'p': 1, 'q': ['x', None]}", '[1, None]', "[('k', 2)]"],
      ])
      expect((await reader.ask('SELECT count(*)::VARCHAR FROM t WHERE i8 = 1 AND s IS NULL AND o IS NULL AND u8 IS NULL')).rows).toEqual([
        ['1'],
      ])
    } finally {
      reader.close()
    }
  })

  it('does not call back a column that was dropped, also for those who look for names', async () => {
    await write('CREATE TABLE again (a INTEGER, b INTEGER)', 'INSERT INTO again VALUES (1, 100)')
    await write('ALTER TABLE again DROP COLUMN a', 'ALTER TABLE again ADD COLUMN a INTEGER', 'INSERT INTO again VALUES (200, 5)')
    const { location } = (await publish('again')).body
    const reader = openDelta(location)
    try {
      // By its name in the log nothing is found; by its id 5 is.
      expect((await reader.ask('SELECT count(*)::VARCHAR, max(a)::VARCHAR, sum(b)::VARCHAR FROM t')).rows).toEqual([['2', null, '300']])
    } finally {
      reader.close()
    }
  })
})
