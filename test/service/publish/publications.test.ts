import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from '../start-service.ts'
import { readByTheRules } from './protocol-rules.ts'
import { publishTables } from './publish-tables.ts'

let service: Service
const { call, write, publish } = publishTables(() => service)
beforeAll(async () => {
  service = await startService()
  await call('PUT', '/v1/settings/publish.everySeconds', { value: 0 })
})
afterAll(() => stopService(service))

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
    expect(existsSync(join(service.lakeDir, 'published', 'main', 'times'))).toBe(false)
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
