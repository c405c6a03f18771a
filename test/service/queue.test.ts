import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { queueVisibleMs } from '../../service/queue/queue-drainer.ts'
import { embeddedLogin, embeddedWriter } from './embedded-login.ts'
import { openWriter } from './open-lake.ts'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let lake: DuckDBConnection
let metricsPort: number
beforeAll(async () => {
  metricsPort = await freePort()
  service = await startService({
    METRICS_PORT: `${metricsPort}`,
    QUEUE_MESSAGE_MAX_BYTES: '2000',
    QUEUE_SEND_MAX_BYTES: '100000',
    QUEUE_SEND_MAX_MESSAGES: '500',
    QUEUE_MAX_DEPTH: '600',
  })
  lake = await openWriter(embeddedWriter(service.lakeDir))
})
afterAll(async () => {
  lake?.closeSync()
  await stopService(service)
})

/** More than the bound, for a machine that does much else. */
const patience = { timeout: 10 * queueVisibleMs, interval: 100 }

const ndjson = 'application/x-ndjson'

async function call(method: string, path: string, body?: string | object, { type = 'application/json', key = service.key } = {}) {
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : undefined }
}

const send = (table: string, body: string | object, type?: string) => call('POST', `/v1/queue/${table}`, body, { ...(type && { type }) })
const rowsOf = async (sql: string) => {
  const { rows, ...rest } = (await service.query(sql)).body
  return rows ?? rest
}
const stateOf = async (table: string) => (await call('GET', `/v1/queue/${table}`)).body
const makeKey = async (body: object) => (await call('POST', '/v1/keys', { name: 'of a test', ...body })).body.key

describe('rows sent to the queue of a table', () => {
  it('are in it within moments, as an object, an array, or lines', async () => {
    await lake.run('CREATE TABLE stops (id BIGINT NOT NULL, name VARCHAR, zone INTEGER DEFAULT 7)')
    const one = await send('stops', { id: 1, name: 'Harbour' })
    expect(one).toMatchObject({ status: 202, body: { schema: 'main', table: 'stops', count: 1, ids: [expect.stringMatching(/^\d+$/)] } })
    expect((await send('main.stops', [{ id: 2 }, { id: 3 }])).body.ids).toHaveLength(2)
    expect((await send('STOPS', '{"id":4}\r\n\n{"id":5,"name":"Köln"}', ndjson)).body).toMatchObject({ table: 'stops', count: 2 })
    await expect
      .poll(() => rowsOf('SELECT id, name FROM stops ORDER BY id'), patience)
      .toEqual([
        ['1', 'Harbour'],
        ['2', null],
        ['3', null],
        ['4', null],
        ['5', 'Köln'],
      ])
    await expect
      .poll(() => stateOf('stops'), patience)
      .toMatchObject({ state: 'idle', depth: '0', dead: '0', drainedCount: '5', obstacle: null })
    expect((await call('GET', '/v1/queue')).body.queues.map(({ table }: { table: string }) => table)).toEqual(['stops'])
  })

  it('keep every digit and every letter', async () => {
    await lake.run('CREATE TABLE exact (n DECIMAL(38, 0), d DECIMAL(38, 10), t VARCHAR, j JSON, l BIGINT[], s STRUCT(a BIGINT, b VARCHAR))')
    const [n, d] = ['99999999999999999999999999999999999999', '1234567890123456789012345678.0123456789']
    await send(
      'exact',
      `[{"n":${n},"d":"${d}","t":"\\u20ac\\n\\"\\ud83d\\ude00","j":{"big":9007199254740993},"l":[9007199254740993],"s":{"a":-1,"b":"ß"}}]`,
    )
    await expect
      .poll(() => rowsOf('SELECT n, d, t, j::VARCHAR, l::VARCHAR, s::VARCHAR FROM exact'), patience)
      .toEqual([[n, d, '€\n"😀', '{"big":9007199254740993}', '[9007199254740993]', "{'a': -1, 'b': ß}"]])
  })

  it('come into one snapshot with the messages that it took', async () => {
    const { ids } = (await send('exact', [{ t: 'a' }, { t: 'b' }])).body
    const noted = async () =>
      (await lake.runAndReadAll(`SELECT commit_extra_info FROM lake.snapshots() ORDER BY snapshot_id DESC LIMIT 1`)).value(0, 0)
    await expect.poll(async () => JSON.parse(String(await noted())).queue?.ids, patience).toEqual([`${ids[0]}-${ids[1]}`])
  })
})

describe('at the door', () => {
  it.each([
    ['stops', '[{"id": 1}, {"id": 2, "color": "red"}]', undefined, 'Row 2: main.stops has no column "color".'],
    ['stops', '{"id": 1}\n\n{"name": "x"}', ndjson, 'Line 3: the column "id" is missing and must not be null.'],
    ['stops', '{"id": null}', undefined, 'The row: the column "id" must not be null.'],
    ['stops', '{"id": 1, "NAME": "x"}', undefined, 'The row: main.stops has no column "NAME", but "name".'],
    ['stops', '{"id": 1}\n{"id": 2', ndjson, 'Line 2: this is no JSON: '],
    ['stops', '[1]', undefined, 'Row 1 is no object'],
    ['stops', '[]', undefined, 'The body has no rows.'],
    ['stops', '', undefined, 'The body is empty'],
    ['stops', '{"id": 1, "name": "\\u0000"}', undefined, 'the column "name" has a text with the character NUL.'],
    ['stops', '{"id": 1, "name": "\\ud800"}', undefined, 'the column "name" has a text with half a surrogate pair.'],
    ['stops', '{"id": 1e999}', undefined, 'the column "id" has a number beyond what DOUBLE holds.'],
    ['stops', `{"id": 1, "name": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, undefined, 'the column "name" has more than 100 levels.'],
    ['%22stops', '{}', undefined, '""stops" names no table'],
  ])('of %s, %s is refused with its place', async (table, body, type, sentence) => {
    const refused = await send(table, body, type)
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([400, 'invalidRequest', expect.stringContaining(sentence)])
  })

  it('other than UTF-8 is refused', async () => {
    const response = await fetch(`${service.url}/v1/queue/stops`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: Buffer.from('{"id": 1, "name": "K\xf6ln"}', 'latin1'),
    })
    expect([response.status, JSON.parse(await response.text()).detail]).toEqual([400, 'The body is not UTF-8.'])
  })

  it.each([
    ['a message', { id: 1, name: 'x'.repeat(2_000) }, 'The row has 2018 bytes, at most 2000 are taken.'],
    [
      'the messages',
      Array.from({ length: 501 }, (_, id) => ({ id })),
      'The body has 501 rows, at most 500 are taken: send the rest separately.',
    ],
    ['the body', { id: 1, name: 'x'.repeat(100_000) }, 'The body is larger than QUEUE_SEND_MAX_BYTES.'],
  ])('%s may not be too large', async (_, body, sentence) => {
    expect(await send('stops', body)).toMatchObject({ status: 413, body: { code: 'bodyTooLarge', detail: sentence } })
  })

  it('a table must be there, be a table, and be granted to a key that may write', async () => {
    await lake.run('CREATE VIEW early AS FROM stops WHERE id < 3')
    expect(await send('nowhere', {})).toMatchObject({ status: 404, body: { code: 'notFound' } })
    expect(await send('early', {})).toMatchObject({
      status: 400,
      body: { detail: 'main.early is a view: rows can only be added to a table.' },
    })
    expect((await call('POST', '/v1/queue/stops', { id: 1 }, { type: 'text/csv' })).body.detail).toBe(
      'Send application/json or application/x-ndjson.',
    )

    const other = await makeKey({ scopes: ['read', 'write'], grants: [{ schema: 'main', table: 'rides' }] })
    expect((await call('POST', '/v1/queue/stops', { id: 1 }, { key: other })).status).toBe(404)
    expect((await call('GET', '/v1/queue/stops', undefined, { key: other })).status).toBe(404)
    expect((await call('GET', '/v1/queue', undefined, { key: other })).body.queues).toEqual([])
    const reader = await makeKey({ scopes: ['read'] })
    expect((await call('POST', '/v1/queue/stops', { id: 1 }, { key: reader })).body.code).toBe('forbidden')
    expect((await call('POST', '/v1/queue/stops/dead/replay', undefined, { key: reader })).body.code).toBe('forbidden')
    expect((await call('GET', '/v1/queue/exact/dead', undefined, { key: reader })).body).toEqual({ dead: [], next: null })
  })

  it('nothing of what was refused came in', async () => {
    expect(await stateOf('stops')).toMatchObject({ depth: '0', dead: '0', drainedCount: '5' })
  })
})

describe('a row that does not fit', () => {
  it('is put aside with the reason and holds up no other', async () => {
    await lake.run('CREATE TABLE poisoned (id INTEGER, day DATE)')
    const rows = Array.from({ length: 60 }, (_, id) => ({ id, day: id === 17 || id === 40 ? 'soon' : '2026-06-01' }))
    expect((await send('poisoned', rows)).status).toBe(202)
    await expect.poll(() => rowsOf('SELECT count(*), count(DISTINCT id) FROM poisoned'), patience).toEqual([['58', '58']])
    await expect.poll(() => stateOf('poisoned'), patience).toMatchObject({ state: 'idle', depth: '0', dead: '2', drainedCount: '58' })
    const { dead, next } = (await call('GET', '/v1/queue/poisoned/dead')).body
    expect(next).toBeNull()
    expect(dead).toEqual(
      [17, 40].map(id =>
        expect.objectContaining({ row: { id, day: 'soon' }, reason: expect.stringContaining('soon'), tries: expect.any(Number) }),
      ),
    )
    expect(Date.parse(dead[0].queuedAt)).toBeLessThanOrEqual(Date.parse(dead[0].diedAt))

    const pages = await call('GET', '/v1/queue/poisoned/dead?limit=1')
    expect((await call('GET', `/v1/queue/poisoned/dead?limit=1&after=${pages.body.next}`)).body).toMatchObject({
      dead: [dead[1]],
      next: null,
    })
  })

  it('comes into the table when it is replayed and fits by then, and else comes back with more tries', async () => {
    const before = (await call('GET', '/v1/queue/poisoned/dead')).body.dead
    expect((await call('POST', '/v1/queue/poisoned/dead/replay', { ids: [before[0].id] })).body).toEqual({ count: 1 })
    await expect.poll(async () => (await call('GET', '/v1/queue/poisoned/dead')).body.dead.at(-1)?.row.id, patience).toBe(17)
    const again = (await call('GET', '/v1/queue/poisoned/dead')).body.dead.at(-1)
    expect(again.tries).toBeGreaterThan(before[0].tries)
    expect(again.queuedAt).toBe(before[0].queuedAt)

    await lake.run('ALTER TABLE poisoned DROP COLUMN day')
    await lake.run('ALTER TABLE poisoned ADD COLUMN day VARCHAR')
    expect((await call('POST', '/v1/queue/poisoned/dead/replay', {})).body).toEqual({ count: 2 })
    await expect.poll(() => rowsOf(`SELECT id FROM poisoned WHERE day = 'soon' ORDER BY id`), patience).toEqual([[17], [40]])
    expect((await call('POST', '/v1/queue/poisoned/dead/replay', {})).body).toEqual({ count: 0 })
  })

  it('can be forgotten', async () => {
    await send('poisoned', [{ id: 3_000_000_000 }, { id: 4_000_000_000 }])
    await expect.poll(async () => (await stateOf('poisoned')).dead, patience).toBe('2')
    const [first] = (await call('GET', '/v1/queue/poisoned/dead')).body.dead
    expect((await call('DELETE', `/v1/queue/poisoned/dead?ids=${first.id}`)).body).toEqual({ count: 1 })
    expect((await call('DELETE', '/v1/queue/poisoned/dead')).body).toEqual({ count: 1 })
    expect((await stateOf('poisoned')).dead).toBe('0')
  })
})

describe('a table that changes while rows wait for it', () => {
  const inDatabase = (sql: string) => withPostgres(embeddedLogin(service.lakeDir, 'ducklake_service'), client => client.query(sql))

  it('and lost a column: its rows say so', async () => {
    await lake.run('CREATE TABLE narrowed (id INTEGER, gone VARCHAR)')
    await send('narrowed', { id: 1, gone: 'x' })
    await expect.poll(() => rowsOf('SELECT count(*) FROM narrowed'), patience).toEqual([['1']])
    await lake.run('ALTER TABLE narrowed DROP COLUMN gone')
    // The door may still take it for a moment.
    await inDatabase(`SELECT pgmq.send(name, '{"id": 2, "gone": "y"}') FROM app.queue WHERE table_name = 'narrowed'`)
    await expect.poll(async () => (await stateOf('narrowed')).dead, { ...patience, timeout: 60_000 }).toBe('1')
    expect((await call('GET', '/v1/queue/narrowed/dead')).body.dead[0].reason).toBe('main.narrowed has no column "gone".')
  })

  it('and is dropped: they wait, the state says why, and a new one gets them', async () => {
    await lake.run('CREATE TABLE dropped (id INTEGER)')
    await send('dropped', { id: 1 })
    await expect.poll(() => rowsOf('SELECT id FROM dropped'), patience).toEqual([[1]])
    await lake.run('DROP TABLE dropped')
    await inDatabase(`SELECT pgmq.send(name, '{"id": 2}') FROM app.queue WHERE table_name = 'dropped'`)
    await expect
      .poll(() => stateOf('dropped'), { ...patience, timeout: 60_000 })
      .toMatchObject({
        state: 'blocked',
        depth: '1',
        dead: '0',
        obstacle: { code: 'notFound', detail: 'There is no table main.dropped: its messages wait until there is one again.' },
      })
    await lake.run('CREATE TABLE dropped (id INTEGER)')
    await expect.poll(() => rowsOf('SELECT id FROM dropped'), { ...patience, timeout: 90_000 }).toEqual([[2]])
    await expect.poll(() => stateOf('dropped'), patience).toMatchObject({ state: 'idle', obstacle: null })
  }, 180_000)

  it('and is away for long: no more than QUEUE_MAX_DEPTH wait', async () => {
    await lake.run('CREATE TABLE full_up (id INTEGER)')
    expect((await send('full_up', { id: 0 })).status).toBe(202)
    await expect.poll(() => rowsOf('SELECT id FROM full_up'), patience).toEqual([[0]])
    await lake.run('DROP TABLE full_up')
    await inDatabase(`SELECT pgmq.send_batch(name, ARRAY(SELECT '{"id": 1}'::jsonb FROM generate_series(1, 400))) FROM app.queue
      WHERE table_name = 'full_up'`)
    const batch = Array.from({ length: 300 }, (_, id) => ({ id }))
    // The door takes the table for there for a moment longer.
    const answers = []
    for (let wave = 0; wave < 3; wave += 1) answers.push(await send('full_up', batch))
    const full = answers.find(({ status }) => status === 429)
    expect([full?.body.code, full?.headers.get('retry-after')]).toEqual(['queueFull', '1'])
  })
})

it('the metrics say how much waits, for how long, and how much was put aside', async () => {
  const metrics = async () => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    return text.split('\n').filter(line => line.startsWith('ducklake_ingest'))
  }
  for (const line of [
    'ducklake_ingest_queue_depth{table="main.stops"} 0',
    'ducklake_ingest_queue_age_seconds{table="main.stops"} 0',
    'ducklake_ingest_queue_dead{table="main.narrowed"} 1',
    'ducklake_ingest_queue_blocked{table="main.full_up"} 1',
    'ducklake_ingest_queue_drained_total{table="main.stops"} 5',
  ])
    await expect.poll(metrics, patience).toContain(line)
})
