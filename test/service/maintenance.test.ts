import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedConnections } from '../../service/embedded/embedded-connections.ts'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { postgresOf } from '../../service/embedded/start-postgres.ts'
import { deletePause, insertPause } from '../../service/store/maintenance-pause.ts'
import { Store } from '../../service/store/store.ts'
import { TableLocks } from '../../service/writes/table-lock.ts'
import { extensionDir } from './run-service.ts'
import { type Service, startOn, startService, stopService } from './start-service.ts'
import { writeLake } from './write-lake.ts'

interface Answer {
  readonly status: number
  readonly location: string | null
  readonly body: Record<string, unknown>
}

describe('/v1/maintenance', () => {
  let service: Service
  let locks: TableLocks
  let store: Store
  beforeAll(async () => {
    service = await startService()
    const { service: login } = lake()
    locks = new TableLocks(login, 'of the test')
    store = new Store(login)
    await write('CREATE TABLE small (i INT)', 'INSERT INTO small FROM range(10)', 'INSERT INTO small FROM range(10, 20)')
  })
  afterAll(async () => {
    await locks.close()
    await store.close()
    await stopService(service)
  })

  const lake = () => {
    const folder = foldersOf(service.lakeDir)
    return embeddedConnections(folder, extensionDir, postgresOf(folder))
  }
  const write = (...statements: string[]) => writeLake(lake().connections.writer, ...statements)
  async function ask(path: string, init: { body?: object; wait?: number; key?: string } = {}): Promise<Answer> {
    const response = await fetch(`${service.url}/v1/${path}`, {
      method: init.body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${init.key ?? service.key}`,
        ...(init.body && { 'content-type': 'application/json' }),
        prefer: `wait=${init.wait ?? 30}`,
      },
      ...(init.body && { body: JSON.stringify(init.body) }),
    })
    return { status: response.status, location: response.headers.get('location'), body: JSON.parse(await response.text()) }
  }

  it('says what it would do, does it, and remembers both', async () => {
    const planned = await ask('maintenance/compact', { body: { dryRun: true } })
    expect(planned).toMatchObject({
      status: 202,
      body: {
        task: 'compact',
        dryRun: true,
        state: 'succeeded',
        requestedBy: service.key.split('_')[1],
        report: { fileCount: 2, tables: [{ schema: 'main', table: 'small' }] },
        snapshotId: null,
      },
    })
    const done = await ask('maintenance/compact', { body: {} })
    expect(done).toMatchObject({
      status: 202,
      location: `/v1/maintenance/runs/${done.body.id}`,
      body: {
        dryRun: false,
        state: 'succeeded',
        report: { fileCount: 2, created: { fileCount: 1 } },
        before: { files: 3 },
        after: { files: 2 },
        snapshotId: '5',
        error: null,
      },
    })
    expect((await service.query('SELECT sum(i), count(*) FROM small')).body.rows).toEqual([['190', '20']])
    expect((await ask(`maintenance/runs/${done.body.id}`)).body).toEqual(done.body)
    const first = await ask('maintenance?limit=1')
    expect(first.body).toMatchObject({ runs: [{ id: done.body.id }], next: expect.any(String) })
    expect((await ask(`maintenance?limit=1&cursor=${first.body.next}`)).body).toMatchObject({ runs: [{ id: planned.body.id }], next: null })
    expect((await ask('maintenance?task=orphans')).body).toMatchObject({ runs: [], next: null })
  })

  it('takes every task with an empty body, with the age that the settings say', async () => {
    for (const [task, olderThanHours] of [
      ['flush', null],
      ['rewrite-deletes', null],
      ['expire', 168],
      ['clean-up', 48],
      ['orphans', 168],
    ]) {
      const { body } = await ask(`maintenance/${task}`, { body: {} })
      expect(body).toMatchObject({ task, olderThanHours, state: 'succeeded', report: { fileCount: 0 } })
    }
  })

  it.each([
    ['maintenance/expire', { olderThanHours: 23 }, 400, 'olderThanHours'],
    ['maintenance/orphans', { olderThanHours: 0 }, 400, 'olderThanHours'],
    ['maintenance/compact', { olderThanHours: 48 }, 400, 'compact has no olderThanHours: it has table, and dryRun.'],
    ['maintenance/clean-up', { table: { schema: 'main', table: 'small' } }, 400, 'clean-up has no table'],
    ['maintenance/vacuum', {}, 400, 'task'],
    ['maintenance/compact', { tabel: 'small' }, 400, 'additional properties'],
  ])('refuses %s %j', async (path, body, status, detail) => {
    expect(await ask(path, { body })).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } })
  })

  it('fails for a table that is not there', async () => {
    const { body } = await ask('maintenance/compact', { body: { table: { schema: 'main', table: `it's "none"` } } })
    expect(body).toMatchObject({ state: 'failed', error: { code: 'notFound', detail: `There is no table main.it's "none".` } })
    expect((await ask(`maintenance/runs/${randomUUID()}`)).status).toBe(404)
  })

  it('is for administrators', async () => {
    const made = await ask('keys', { body: { name: 'writer', scopes: ['read', 'write', 'ddl'] } })
    const key = String(made.body.key)
    expect((await ask('maintenance/compact', { body: {}, key })).status).toBe(403)
    expect((await ask('maintenance', { key })).status).toBe(403)
  })

  it('is one run at a time, whose id the next one hears', async () => {
    await write('INSERT INTO small FROM range(20, 30)')
    let running = ''
    await locks.withTable({ schema: 'main', name: 'small' }, 'shared', { timeoutMs: 5_000 }, async () => {
      const waiting = await ask('maintenance/compact', { body: {}, wait: 0 })
      expect(waiting).toMatchObject({ status: 202, body: { state: 'running' } })
      running = String(waiting.body.id)
      const refused = await ask('maintenance/expire', { body: { dryRun: true } })
      expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
      expect(refused.body.detail).toContain(`the run ${waiting.body.id} (compact, since `)
    })
    // With the writer gone the table is free.
    expect((await ask(`maintenance/runs/${running}`)).body).toMatchObject({ state: 'succeeded', report: { fileCount: 2 } })
  })

  it('removes nothing while somebody holds a pause, and goes on when that is over', async () => {
    const pause = randomUUID()
    await insertPause(store.ask, pause, 'a backup is being made', 60_000)
    for (const task of ['expire', 'clean-up', 'orphans']) {
      expect(await ask(`maintenance/${task}`, { body: {} })).toMatchObject({
        status: 409,
        body: { detail: expect.stringMatching(/^Nothing may be removed until .*: a backup is being made\.$/) },
      })
      expect((await ask(`maintenance/${task}`, { body: { dryRun: true } })).body).toMatchObject({ state: 'succeeded' })
    }
    expect((await ask('maintenance/compact', { body: {} })).body).toMatchObject({ state: 'succeeded' })
    await deletePause(store.ask, pause)
    // One of a backup that died.
    await insertPause(store.ask, randomUUID(), 'of the dead', -1)
    expect((await ask('maintenance/expire', { body: {} })).body).toMatchObject({ state: 'succeeded' })
  })

  it('ends a run whose process was killed, when the next one begins', async () => {
    await write('INSERT INTO small FROM range(30, 40)')
    let killed = ''
    await locks
      .withTable({ schema: 'main', name: 'small' }, 'shared', { timeoutMs: 5_000 }, async () => {
        killed = String((await ask('maintenance/compact', { body: {}, wait: 0 })).body.id)
        service.child.kill('SIGKILL')
        await service.exit
      })
      .catch(() => {})
    await locks.close()
    await store.close()
    service = await startOn({ LAKE_DIR: service.lakeDir }, service.lakeDir)
    locks = new TableLocks(lake().service, 'of the test')
    store = new Store(lake().service)
    expect((await ask('maintenance/compact', { body: {} })).body).toMatchObject({ state: 'succeeded', report: { fileCount: 2 } })
    expect((await ask(`maintenance/runs/${killed}`)).body).toMatchObject({ state: 'failed', error: { code: 'engineLost' } })
    expect((await service.query('SELECT sum(i), count(*) FROM small')).body.rows).toEqual([['780', '40']])
  })
})
