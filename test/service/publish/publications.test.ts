import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callService } from '../call-service.ts'
import { deltalake } from '../python-package.ts'
import { type Service, startService, stopService } from '../start-service.ts'
import { readByTheRules } from './protocol-rules.ts'
import { type DeltaReader, openDelta } from './read-delta.ts'

const missing = deltalake.install()
const skipped = process.env.CI === 'true' ? undefined : missing

let service: Service
beforeAll(async () => {
  service = await startService()
  await call('PUT', '/v1/settings/publish.everySeconds', { value: 0 })
})
afterAll(() => stopService(service))

const call: ReturnType<typeof callService> = (...words) => callService(service)(...words)
const write = async (...statements: string[]) => {
  for (const sql of statements) {
    const { status, text } = await call('POST', '/v1/statements', { sql })
    expect(status, text).toBe(200)
  }
}
const publish = (table: string, body: object = {}) => call('POST', `/v1/tables/main/${table}/publication`, body)
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

describe('publication', () => {
  it('leaves out what cannot be published if that is wanted, else refuses it by name and leaves nothing behind', async () => {
    await write('CREATE TABLE times (i INTEGER, t TIME, o STRUCT(n TIMESTAMP_NS))', `INSERT INTO times VALUES (1, '12:00', {n: now()})`)
    const refused = await publish('times')
    expect(refused).toMatchObject({ status: 422, body: { code: 'notPublishable' } })
    expect(refused.body.detail).toMatch(/^The column t is of type time, .* The column o\.n is of type timestamp_ns, .* Name it in leaveOut/)
    expect(await publish('times', { leaveOut: ['t', 'none'] })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('none') },
    })
    expect((await call('GET', '/v1/tables/main/times/publication')).status).toBe(404)
    expect(readdirSync(join(service.lakeDir, 'published', 'main'))).not.toContain('times')
    expect((await publish('times', { leaveOut: ['t', 'o'] })).body).toMatchObject({ version: 0, leaveOut: ['t', 'o'] })
    // It stays so, and can be changed.
    expect((await publish('times', { leaveOut: ['t'] })).body).toMatchObject({ code: 'notPublishable' })
    expect((await publish('times')).body).toMatchObject({ version: 0, changed: false, leaveOut: ['t', 'o'] })
    await write(`ALTER TABLE times ADD COLUMN more VARCHAR DEFAULT 'x'`)
    expect((await publish('times')).body.detail).toContain('The column more has a default for rows that were there before it')
    await write('ALTER TABLE times ALTER COLUMN i SET DATA TYPE BIGINT')
    expect((await publish('times')).body.detail).toContain('The column i was of a narrower type')
    expect((await call('GET', '/v1/publications')).body.publications).toContainEqual(
      expect.objectContaining({
        table: 'times',
        version: 0,
        error: { code: 'notPublishable', detail: expect.stringContaining('column i') },
      }),
    )
  })

  it('is of tables that are there', async () => {
    expect(await publish('none')).toMatchObject({ status: 404, body: { detail: 'There is no table main.none to publish.' } })
    expect((await call('DELETE', '/v1/tables/main/rides/publication')).status).toBe(404)
    const { body } = await call('POST', '/v1/keys', { name: 'writer', scopes: ['read', 'write', 'ddl'] })
    expect((await call('POST', '/v1/tables/main/rides/publication', {}, body.key)).status).toBe(403)
  })

  it('does not touch a log that is somebody else’s', async () => {
    await write('CREATE TABLE theirs (i INTEGER)')
    const folder = join(service.lakeDir, 'published', 'main', 'theirs', '_delta_log')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, '00000000000000000000.json')
    writeFileSync(file, '{"commitInfo":{"operation":"WRITE"}}\n')
    expect(await publish('theirs')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('was not written for this publication') },
    })
    expect(readFileSync(file, 'utf8')).toBe('{"commitInfo":{"operation":"WRITE"}}\n')
    expect((await call('GET', '/v1/tables/main/theirs/publication')).status).toBe(404)
  })

  it('stops at a log that somebody wrote into, until it is removed', async () => {
    await write('CREATE TABLE shared (i INTEGER)', 'INSERT INTO shared VALUES (1)')
    const { location } = (await publish('shared')).body
    const file = join(location, '_delta_log', '00000000000000000001.json')
    writeFileSync(file, 'no JSON')
    await write('INSERT INTO shared VALUES (2)')
    expect(await publish('shared')).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(readFileSync(file, 'utf8')).toBe('no JSON')
    expect((await call('DELETE', '/v1/tables/main/shared/publication')).status).toBe(204)
    expect((await publish('shared')).body).toMatchObject({ version: 0, addedFiles: 2 })
  })

  it('does not go on with a log that is gone', async () => {
    await write('CREATE TABLE lost (i INTEGER)', 'INSERT INTO lost VALUES (1)')
    const { location } = (await publish('lost')).body
    rmSync(location, { recursive: true })
    await write('INSERT INTO lost VALUES (2)')
    expect(await publish('lost')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`${location}_delta_log/00000000000000000000.json is not there`) },
    })
    expect((await call('DELETE', '/v1/tables/main/lost/publication')).status).toBe(204)
    expect((await publish('lost')).body).toMatchObject({ version: 0, addedFiles: 2 })
  })

  it('follows a table to another name, and ends by DELETE', async () => {
    await write('CREATE TABLE moving (i INTEGER)', 'INSERT INTO moving VALUES (1)')
    const { location } = (await publish('moving')).body
    await write('ALTER TABLE moving RENAME TO moved', 'INSERT INTO moved VALUES (2)')
    expect((await publish('moved')).body).toMatchObject({ version: 1, table: 'moved', location })
    await write('DROP TABLE moved', 'CREATE TABLE moving (i INTEGER)')
    // Its folder is that of the one that is gone.
    const other = (await publish('moving')).body
    expect(other).toMatchObject({ version: 0, addedFiles: 0, location: expect.stringMatching(/\/main\/moving-\d+\/$/) })
    expect((await call('DELETE', '/v1/tables/main/moved/publication')).status).toBe(204)
    expect(readdirSync(join(service.lakeDir, 'published', 'main'))).not.toContain('moving')
    expect((await publish('moving')).body).toMatchObject({ version: 0, changed: false, location: other.location })
    await call('DELETE', '/v1/tables/main/moving/publication')
    expect((await publish('moving')).body).toMatchObject({ version: 0, location })
  })

  it('of a renamed table is not that of another one with its old name', async () => {
    await write('CREATE TABLE old_name (i INTEGER)', 'INSERT INTO old_name VALUES (1)')
    const { location } = (await publish('old_name')).body
    await write('ALTER TABLE old_name RENAME TO new_name', 'CREATE TABLE old_name (i INTEGER)')
    expect((await call('GET', '/v1/tables/main/old_name/publication')).status).toBe(404)
    expect((await call('DELETE', '/v1/tables/main/old_name/publication')).status).toBe(404)
    expect((await publish('new_name')).body).toMatchObject({ version: 0, changed: false, location })
    const { status, body } = await publish('old_name')
    expect([status, body.location]).toEqual([200, expect.stringMatching(/\/old_name-\d+\/$/)])
    expect((await call('GET', '/v1/publications')).body.publications).toContainEqual(
      expect.objectContaining({ table: 'new_name', location }),
    )
  })

  it('of a table that was dropped stands beside that of another one with its name', async () => {
    await write('CREATE TABLE twice (i INTEGER)', 'INSERT INTO twice VALUES (1)')
    const { location } = (await publish('twice')).body
    await write('DROP TABLE twice')
    expect((await call('GET', '/v1/tables/main/twice/publication')).body).toMatchObject({ location })
    await write('CREATE TABLE twice (i INTEGER)')
    const { body } = await publish('twice')
    expect(body).toMatchObject({ version: 0, addedFiles: 0, location: expect.stringMatching(/\/twice-\d+\/$/) })
    expect((await call('GET', '/v1/tables/main/twice/publication')).body).toMatchObject({ location: body.location })
    for (const status of [204, 204, 404]) expect((await call('DELETE', '/v1/tables/main/twice/publication')).status).toBe(status)
  })

  it('refuses to leave out what is not there, of a published table too', async () => {
    await write('CREATE TABLE spelled (i INTEGER, secret INTEGER)')
    await publish('spelled')
    expect(await publish('spelled', { leaveOut: ['secert'] })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('secert') },
    })
    expect((await publish('spelled')).body).toMatchObject({ leaveOut: [] })
  })

  it('takes place by itself, with what came together in one version', async () => {
    await write('CREATE TABLE counted (i INTEGER)')
    const { location } = (await publish('counted')).body
    await call('PUT', '/v1/settings/publish.everySeconds', { value: 1 })
    for (let i = 0; i < 5; i += 1) await write(`INSERT INTO counted VALUES (${i})`)
    const until = Date.now() + 60_000
    const newest = async () => (await call('GET', '/v1/tables/main/counted/publication')).body
    const snapshot = (await call('GET', '/v1/snapshots?limit=1')).body.snapshotId
    while ((await newest()).snapshotId !== snapshot && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 200))
    await call('PUT', '/v1/settings/publish.everySeconds', { value: 0 })
    const log = readByTheRules(location)
    expect(log.at(-1)).toMatchObject({ version: (await newest()).version, snapshotId: snapshot })
    expect(log.at(-1)?.files.size).toBe(5)
    expect(statSync(join(location, '_delta_log')).isDirectory()).toBe(true)
  })
})
