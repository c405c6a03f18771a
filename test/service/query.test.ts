import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ QUEUE_MAX_QUERIES: '2', ENGINES: '1', ENGINES_SHORT: '0' })
})
afterAll(() => stopService(service))

describe('a query', () => {
  it('answers with columns, types, rows and the snapshot it read', async () => {
    const { status, body } = await service.query('SELECT count(*) AS rides, sum(fares) AS fares FROM rides; -- all; of them')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      snapshotId: '1',
      columns: [
        { name: 'rides', type: 'BIGINT' },
        { name: 'fares', type: 'DECIMAL(38,2)' },
      ],
      rows: [['500', '47499.20']],
      rowCount: 1,
      truncated: false,
    })
  })

  it('refuses fields without names, of which JSON would lose all but one', async () => {
    for (const sql of ['SELECT (1, 2) AS pair', 'SELECT [row(1)] AS pair', `SELECT MAP {'a': {'b': (1, 2)}} AS pair`])
      expect(await service.query(sql)).toMatchObject({ status: 400, body: { code: 'sqlInvalid', detail: expect.stringContaining('pair') } })
  })

  it('keeps the order of ORDER BY and two columns of one name', async () => {
    const { body } = await service.query('SELECT i AS n, -i AS n FROM range(100000) AS t(i) ORDER BY i DESC LIMIT 2')
    expect(body).toMatchObject({
      columns: [{ name: 'n' }, { name: 'n' }],
      rows: [
        ['99999', '-99999'],
        ['99998', '-99998'],
      ],
    })
  })

  it('says truthfully whether there are more rows', async () => {
    expect((await service.query({ sql: 'FROM range(4)', maxRows: 3 })).body).toMatchObject({ rowCount: 3, truncated: true })
    expect((await service.query({ sql: 'FROM range(3)', maxRows: 3 })).body).toMatchObject({ rowCount: 3, truncated: false })
  })

  it('keeps names that come twice, and the place of an error, behind a LIMIT of the caller too', async () => {
    const names = (answer: { body: unknown }) =>
      expect(answer.body).toMatchObject({ columns: [{ name: 'n' }, { name: 'n' }, { name: 'n_1' }] })
    names(await service.query('SELECT 1 AS n, 2 AS n, 3 AS n_1'))
    names(await service.query('SELECT 1 AS n, 2 AS n, 3 AS n_1 FROM rides LIMIT 1'))
    const sql = 'SELECT nothing FROM rides LIMIT 1'
    expect((await service.query(sql)).body).toMatchObject({ code: 'sqlInvalid', position: sql.indexOf('nothing') })
  })

  it('shows tables, describes and travels in time', async () => {
    expect((await service.query('SHOW TABLES')).body).toMatchObject({ rows: [['rides']] })
    expect((await service.query('DESCRIBE rides')).body).toMatchObject({ rowCount: 7 })
    expect((await service.query('SELECT count(*) FROM rides AT (VERSION => 1)')).body).toMatchObject({ rows: [['500']] })
    expect((await service.query('FROM rides AT (VERSION => 99)')).body).toMatchObject({
      code: 'snapshotNotFound',
      detail: 'No snapshot found at version 99',
    })
  })
})

describe('a request', () => {
  it('gives values for parameters, by name and by place, of any type', async () => {
    const named = { sql: 'SELECT ride_id FROM rides WHERE from_station = $station AND fares > $fare LIMIT 1' }
    const params = { station: 'Harbour', fare: { type: 'DECIMAL(9, 2)', value: '2.50' } }
    expect((await service.query({ ...named, params })).body).toMatchObject({ rowCount: 1 })
    const sql = 'SELECT $1 + 1, $2::VARCHAR, $3'
    const body = { sql, params: [1, { type: 'INTEGER[]', value: '[1, 2]' }, null] }
    expect((await service.query(body)).body).toMatchObject({ rows: [['2', '[1, 2]', null]] })
  })

  it.each([
    [{ sql: 'SELECT $a' }, 'params has no value for $a.'],
    [{ sql: 'SELECT $a', params: { a: 1, b: 2 } }, 'params has "b", but the statement has no parameter of this name: it has $a.'],
    [{ sql: 'SELECT $a', params: { a: 2 ** 60 } }, 'params: a is beyond 2^53'],
    [{ sql: 'SELECT $a', params: { a: { type: 'DATE', value: 'soon' } } }, 'params: a is no DATE: invalid date field format: "soon"'],
    [{ sql: 'SELECT $a', params: { a: { type: "INT) FROM read_text('/etc/passwd'", value: 1 } } }, 'which is no DuckDB type'],
    [{ sql: 'SELECT 1', asOf: { timestamp: 'yesterday' } }, 'must match format "date-time"'],
    [{ sql: 'SELECT 1', asOf: { version: -1 } }, 'body/asOf'],
  ])('with wrong values is told which: %j', async (body, sentence) => {
    const { status, body: problem } = await service.query(body)
    expect({ status, ...problem }).toMatchObject({ status: 400, code: 'invalidRequest', detail: expect.stringContaining(sentence) })
  })

  it('reads the lake as it was', async () => {
    const sql = 'SELECT count(*) FROM rides'
    expect((await service.query({ sql, asOf: { version: 1 } })).body).toMatchObject({ rows: [['500']] })
    expect((await service.query({ sql, asOf: { timestamp: new Date().toISOString() } })).body).toMatchObject({ rows: [['500']] })
    expect((await service.query({ sql, asOf: { version: 99 } })).body).toMatchObject({ status: 404, code: 'snapshotNotFound' })
    expect((await service.query({ sql, asOf: { timestamp: '2020-01-01T00:00:00Z' } })).body).toMatchObject({
      status: 404,
      code: 'snapshotNotFound',
    })
  })
})

describe('an error in a statement', () => {
  it('has its place as JavaScript counts, and what else it could have been', async () => {
    const sql = "SELECT 'é🚢', passenger FROM rides"
    const { status, body } = await service.query(sql)
    expect({ status, ...body }).toMatchObject({
      status: 400,
      code: 'sqlInvalid',
      position: sql.indexOf('passenger'),
      candidates: expect.arrayContaining(['passengers']),
    })
    expect((await service.query("SELECT 'é' 'a'")).body).toMatchObject({ code: 'sqlSyntax', position: 11 })
    expect((await service.query('selec 1')).body).toMatchObject({ code: 'sqlSyntax', position: 0 })
  })

  it('is a 422 if it shows only while the statement runs', async () => {
    const { status, body } = await service.query("SELECT i::VARCHAR || 'x' AS a, a::INTEGER FROM range(3) AS t(i)")
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'queryFailed' })
  })

  it('shows neither folders nor connection strings', async () => {
    const { body } = await service.query(`FROM "${service.lakeDir}"`)
    expect(JSON.stringify(await service.query('FROM lake.nowhere.t'))).not.toContain('host=')
    expect(body.code).toBe('statementRefused')
  })
})

describe('limits', () => {
  it('may be tightened by a caller, not widened', async () => {
    const { status, body } = await service.query({ sql: 'SELECT 1', timeoutMs: 30_001 })
    expect({ status, ...body }).toMatchObject({
      status: 400,
      code: 'invalidRequest',
      detail: 'timeoutMs is 30001, at most 30000 is allowed here.',
    })
  })

  it('interrupt a statement that takes too long', async () => {
    const { status, body } = await service.query({ sql: 'SELECT count(*) FROM range(1000000000000)', timeoutMs: 200 })
    expect({ status, code: body.code }).toEqual({ status: 504, code: 'queryTimeout' })
    expect((await service.query('SELECT 1')).status).toBe(200)
  })

  it('kill an engine that does not notice the interruption, and the next statement finds another', async () => {
    const deaf = "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))"
    const { status, body } = await service.query({ sql: deaf, timeoutMs: 200 })
    expect({ status, code: body.code }).toEqual({ status: 504, code: 'queryTimeout' })
    expect((await service.query('SELECT 1')).status).toBe(200)
  })

  it('turn what does not fit into memory into an error', async () => {
    const { status, body } = await service.query("SELECT length(repeat('x', 4000000000))")
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'outOfMemory' })
    expect((await service.query('SELECT 1')).status).toBe(200)
  })

  it('refuse what would wait behind a full queue, with the time to come back', async () => {
    const slow = { sql: 'SELECT count(*) FROM range(1000000000000)', timeoutMs: 1_000 }
    const answers = await Promise.all(Array.from({ length: 6 }, () => service.query(slow)))
    const refused = answers.filter(answer => answer.status === 429)
    expect(refused).toHaveLength(3)
    expect(refused[0]?.headers.get('retry-after')).toBe('1')
    expect((await service.query('SELECT 1')).status).toBe(200)
  })
})

describe('a request', () => {
  const post = (headers: Record<string, string>, body: string) => fetch(`${service.url}/v1/query`, { method: 'POST', headers, body })
  const json = { 'content-type': 'application/json' }
  const codeOf = async (response: Response) => ({ status: response.status, code: JSON.parse(await response.text()).code })

  it('needs the key', async () => {
    expect(await codeOf(await post(json, '{"sql":"SELECT 1"}'))).toEqual({ status: 401, code: 'unauthenticated' })
    const wrong = await post({ ...json, authorization: 'Bearer dl_x_y' }, '{"sql":"SELECT 1"}')
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer')
    expect(wrong.headers.get('content-type')).toContain('application/problem+json')
  })

  it('is refused with a misspelled field, a text for a number, another type, too much body or another path', async () => {
    const authorization = `Bearer ${service.key}`
    expect((await service.query({ sql: 'SELECT 1\0; DROP TABLE rides' })).body).toMatchObject({ code: 'invalidRequest' })
    expect((await service.query({ sql: 'SELECT 1', maxrows: 1 })).body).toMatchObject({ code: 'invalidRequest' })
    expect((await service.query({ sql: 'SELECT 1', maxRows: '1' })).body).toMatchObject({
      code: 'invalidRequest',
      detail: 'body/maxRows must be integer.',
    })
    expect(await codeOf(await post({ authorization, 'content-type': 'text/csv' }, 'a'))).toEqual({
      status: 415,
      code: 'unsupportedMediaType',
    })
    expect(await codeOf(await post({ authorization, ...json }, '{"sql": "SEL'))).toEqual({ status: 400, code: 'invalidRequest' })
    expect((await service.query(`SELECT '${'x'.repeat(300_000)}'`)).body).toMatchObject({ status: 413, code: 'bodyTooLarge' })
    expect(await codeOf(await fetch(`${service.url}/v2`))).toEqual({ status: 404, code: 'notFound' })
  })

  it('gets its own id back, if that is one', async () => {
    const get = async (id: string) => (await fetch(`${service.url}/livez`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await get('abc-1')).toBe('abc-1')
    expect(await get('a b')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

it('is ready and alive', async () => {
  expect(await (await fetch(`${service.url}/livez`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({ status: 'ok' })
  const names = ['draining', 'catalog', 'store', 'storage', 'engines', 'writers']
  const checks = names.map(name => ({ name, ok: true, tookMs: expect.any(Number) }))
  // The engines that write start last, and nobody who reads waits for them.
  await expect
    .poll(async () => (await fetch(`${service.url}/readyz?verbose`)).json(), { timeout: 10_000 })
    .toEqual({ status: 'ok', checks })
})
