import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service

beforeAll(async () => {
  service = await startService({ BACKGROUND_MAX_PER_KEY: '3', RESULT_MAX_MB: '20' })
})
afterAll(() => stopService(service))

interface Entry {
  readonly id: string
  readonly state: string
  readonly [field: string]: unknown
}

async function call(
  method: string,
  path: string,
  { key = service.key, body, headers = {} }: { key?: string; body?: object; headers?: Record<string, string> } = {},
) {
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text && isJson && !text.includes('}\n{') ? JSON.parse(text) : undefined,
  }
}

async function submit(sql: string, options: { waitS?: number; key?: string } = {}): Promise<Entry> {
  const { waitS = 20, ...rest } = options
  const { status, body } = await call('POST', '/v1/queries', { body: { sql }, headers: { prefer: `wait=${waitS}` }, ...rest })
  expect([status, body.detail]).toEqual([202, undefined])
  return body
}

const stateOf = async (id: string): Promise<Entry> => (await call('GET', `/v1/queries/${id}`)).body

/** Runs until somebody ends it. */
const endless = 'SELECT sum(hash(range)) FROM range(30000000000)'

describe('a background query', () => {
  it('answers at once, then says where it is, then has a result', async () => {
    const sent = await call('POST', '/v1/queries', {
      body: { sql: 'SELECT count(*) AS rides FROM rides WHERE passengers > $least', params: { least: 40 } },
    })
    expect([sent.status, sent.headers.get('location')]).toEqual([202, `/v1/queries/${sent.body.id}`])
    const done = await call('GET', `/v1/queries/${sent.body.id}`, { headers: { prefer: 'wait=20' } })
    expect(done.headers.get('preference-applied')).toBe('wait=20')
    expect(done.body).toMatchObject({
      state: 'succeeded',
      background: true,
      keyId: service.key.split('_')[1],
      params: { least: 40 },
      rowCount: '1',
      snapshotId: '1',
      columns: [{ name: 'rides', type: 'BIGINT' }],
      error: null,
      result: { url: `/v1/queries/${sent.body.id}/result` },
    })
    const result = await call('GET', `${done.body.result.url}`)
    expect([result.headers.get('x-snapshot-id'), result.headers.get('x-query-id')]).toEqual(['1', sent.body.id])
    expect(result.body).toMatchObject({ columns: [{ name: 'rides', type: 'BIGINT' }], rows: [['197']], truncated: false })
  })

  it('keeps what a direct answer says: values, types, order and names, in every format', async () => {
    const sql = `SELECT ride_id, departed_at, from_station, fares, 170141183460469231731687303715884105727::HUGEINT AS n, -1::HUGEINT AS n,
      INTERVAL '1 month 3 microseconds' AS i, TIMETZ '10:00:00+02' AS z, '0101'::BIT AS b, 'x'::ENUM ('x', 'it''s') AS e,
      [1::HUGEINT, NULL] AS l, {'a b': INTERVAL 1 DAY, 'c': ['it''s']} AS s, MAP {'k': 1::UHUGEINT} AS m, TIMESTAMP_NS '2026-01-01 00:00:00.123456789' AS ns,
      'NaN'::DOUBLE AS f, [1, 2]::INTEGER[2] AS a, NULL AS nothing, '\\x00\\xFF'::BLOB AS bytes FROM rides ORDER BY ride_id DESC`
    const { id, columns } = await submit(sql)
    const direct = (await service.query(sql)).body
    const kept = (await call('GET', `/v1/queries/${id}/result`)).body
    expect(columns).toEqual(direct.columns)
    expect(kept.columns).toEqual(direct.columns)
    expect(kept.rows).toEqual(direct.rows)
    for (const format of ['csv', 'ndjson']) {
      const now = await call('POST', `/v1/query?format=${format}`, { body: { sql } })
      const later = await call('GET', `/v1/queries/${id}/result?format=${format}`)
      expect([format, later.text.length]).toEqual([format, now.text.length])
      expect(later.text).toBe(now.text)
    }
    const parquet = await call('GET', `/v1/queries/${id}/result?format=parquet`)
    expect([parquet.status, parquet.text.slice(0, 4), parquet.text.slice(-4)]).toEqual([200, 'PAR1', 'PAR1'])
  })

  it('has a result that can be read from any row on', async () => {
    const { id } = await submit('SELECT range AS n FROM range(25000) ORDER BY n')
    const page = await call('GET', `/v1/queries/${id}/result?offset=20000&limit=2`)
    expect(page.body).toMatchObject({ rows: [['20000'], ['20001']], rowCount: 2, truncated: true })
    const last = await call('GET', `/v1/queries/${id}/result?offset=24999`)
    expect(last.body).toMatchObject({ rows: [['24999']], truncated: false })
    expect((await call('GET', `/v1/queries/${id}/result?format=csv&offset=24998`)).text).toBe('n\n24998\n24999\n')
    expect((await call('GET', `/v1/queries/${id}/result?limit=10001`)).body.detail).toBe(
      'limit is 10001, at most 10000 rows fit into a JSON answer.',
    )
    expect((await call('GET', `/v1/queries/${id}/result?offset=x`)).status).toBe(400)
  })

  it('says how far it is, and can be cancelled', async () => {
    const { id, state } = await submit(endless, { waitS: 0 })
    expect(['queued', 'running']).toContain(state)
    await expect.poll(async () => (await stateOf(id)).progress, { timeout: 5_000 }).toMatchObject({ rows: expect.any(Number) })
    expect(await call('GET', `/v1/queries/${id}/result`)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const before = performance.now()
    expect((await call('DELETE', `/v1/queries/${id}`)).status).toBe(204)
    expect(performance.now() - before).toBeLessThan(5_000)
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled', error: { code: 'queryCancelled' }, result: null })
    expect(await call('GET', `/v1/queries/${id}/result`)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  it('waits for its turn, which a cancelled one gives away', async () => {
    const [first, second, third] = [
      await submit(endless, { waitS: 0 }),
      await submit(endless, { waitS: 0 }),
      await submit('SELECT 42', { waitS: 0 }),
    ]
    const refused = await call('POST', '/v1/queries', { body: { sql: 'SELECT 1' } })
    expect(refused).toMatchObject({ status: 429, body: { code: 'tooManyQueries' } })
    expect((await stateOf(second.id)).state).toBe('queued')
    await call('DELETE', `/v1/queries/${second.id}`)
    expect((await stateOf(second.id)).state).toBe('cancelled')
    // Others do not wait for it.
    expect((await service.query('SELECT 42')).status).toBe(200)
    expect((await stateOf(third.id)).state).toBe('queued')
    await call('DELETE', `/v1/queries/${first.id}`)
    await expect.poll(async () => (await stateOf(third.id)).state, { timeout: 10_000 }).toBe('succeeded')
  })

  it('that fails says why, as a direct one does', async () => {
    const unknown = await submit('SELECT passenger FROM rides')
    expect(unknown).toMatchObject({
      state: 'failed',
      error: { code: 'sqlInvalid', position: 7, candidates: expect.arrayContaining(['passengers']) },
    })
    expect(await call('GET', `/v1/queries/${unknown.id}/result`)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('sqlInvalid') },
    })
    expect(await submit(`SELECT * FROM read_csv('/etc/passwd')`)).toMatchObject({ state: 'failed', error: { code: 'statementRefused' } })
    expect(await submit(`SELECT (CASE WHEN range < 3000000 THEN '1' ELSE 'one' END)::INTEGER FROM range(4000000)`)).toMatchObject({
      state: 'failed',
      error: { code: 'queryFailed' },
    })
    expect((await call('POST', '/v1/queries', { body: { sql: 'SELECT 1', maxRows: 3 } })).status).toBe(400)
  })

  it('whose result is too large ends, and leaves nothing', async () => {
    const large = await submit('SELECT hash(range) AS a, hash(range + 1) AS b FROM range(30000000)', { waitS: 60 })
    expect(large).toMatchObject({ state: 'failed', error: { code: 'resultTooLarge', detail: expect.stringContaining('20 MB') } })
    expect(existsSync(join(service.lakeDir, 'results', `${large.id}.parquet`))).toBe(false)
  })

  it('whose result was removed says so, and stays in the history', async () => {
    const { id } = await submit('SELECT 1')
    expect((await call('DELETE', `/v1/queries/${id}`)).status).toBe(204)
    expect(await stateOf(id)).toMatchObject({ state: 'succeeded', result: null })
    expect(await call('GET', `/v1/queries/${id}/result`)).toMatchObject({ status: 410, body: { code: 'gone' } })
    expect(readdirSync(join(service.lakeDir, 'results')).filter(name => name.startsWith(id))).toEqual([])
  })
})

describe('queries of others', () => {
  const makeKey = async (more: object) => (await call('POST', '/v1/keys', { body: { name: 'other', scopes: ['read'], ...more } })).body

  it('are not there, but for administrators', async () => {
    const other = await makeKey({})
    const { id } = await submit('SELECT 1', { key: other.key })
    const stranger = await makeKey({})
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/result'],
      ['DELETE', ''],
    ] as const)
      expect((await call(method, `/v1/queries/${id}${path}`, { key: stranger.key })).status).toBe(404)
    expect((await call('GET', '/v1/queries', { key: stranger.key })).body.queries).toEqual([])
    expect(await call('GET', `/v1/queries?key=${other.id}`, { key: stranger.key })).toMatchObject({ status: 403 })
    expect((await call('GET', `/v1/queries?key=${other.id}`)).body.queries).toMatchObject([{ id }])
    expect((await call('GET', `/v1/queries/${id}/result`)).body.rows).toEqual([[1]])
  })

  it('have results that a key cannot read any more after its grants were changed', async () => {
    const other = await makeKey({ grants: [{ schema: 'main', table: 'rides' }] })
    const { id } = await submit('SELECT count(*) FROM rides', { key: other.key })
    expect((await call('GET', `/v1/queries/${id}/result`, { key: other.key })).body.rows).toEqual([['500']])
    await call('PATCH', `/v1/keys/${other.id}`, { body: { grants: [{ schema: 'open' }] } })
    expect(await call('GET', `/v1/queries/${id}/result`, { key: other.key })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })
})

describe('the history', () => {
  it('has queries of both kinds, newest first, in pages', async () => {
    const { key } = (await call('POST', '/v1/keys', { body: { name: 'historian', scopes: ['read'] } })).body
    await call('POST', '/v1/query', { key, body: { sql: 'SELECT count(*) FROM rides', asOf: { version: 1 } } })
    await call('POST', '/v1/query', { key, body: { sql: 'SELECT nothing' } })
    await call('POST', '/v1/query?format=csv', { key, body: { sql: 'FROM rides' } })
    await submit('SELECT 1', { key })
    const list = async (more = '') => (await call('GET', `/v1/queries?${more}`, { key })).body
    await expect.poll(async () => (await list()).queries.length, { timeout: 5_000 }).toBe(4)
    const { queries } = await list()
    expect(queries.map(({ background, state, sql, rowCount }: Entry) => [background, state, sql, rowCount])).toEqual([
      [true, 'succeeded', 'SELECT 1', '1'],
      [false, 'succeeded', 'FROM rides', '500'],
      [false, 'failed', 'SELECT nothing', null],
      [false, 'succeeded', 'SELECT count(*) FROM rides', '1'],
    ])
    expect(queries[3]).toMatchObject({ asOf: { version: '1' }, snapshotId: '1', durationMs: expect.any(Number), result: null })
    expect(queries[2].error).toMatchObject({ code: 'sqlInvalid' })
    const first = await list('limit=3')
    const rest = await list(`limit=3&after=${first.next}`)
    expect([...first.queries, ...rest.queries]).toEqual(queries)
    expect(rest.next).toBe(null)
    expect((await list('state=failed')).queries).toEqual([queries[2]])
    expect((await list('search=Rides%20FROM')).queries).toEqual([queries[1], queries[3]])
    expect((await list('search=%25')).queries).toEqual([])
    expect(await call('GET', `/v1/queries/${queries[1].id}/result`, { key })).toMatchObject({ status: 410, body: { code: 'gone' } })
  })
})
