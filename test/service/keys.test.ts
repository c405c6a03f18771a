import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeLake, temporaryFolder } from './run-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service

beforeAll(async () => {
  service = await startService({ LOG_LEVEL: 'trace', RATE_LIMIT_PER_MINUTE: '5000' })
})
afterAll(() => stopService(service))

type Made = { readonly id: string; readonly key: string }

async function call(method: string, path: string, { key = service.key, body = {} as object | undefined } = {}) {
  const sent = method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(body)
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(sent && { 'content-type': 'application/json' }) },
    ...(sent && { body: sent }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
}

async function make(body: object): Promise<Made> {
  const made = await call('POST', '/v1/keys', { body: { name: 'of a test', scopes: ['read'], ...body } })
  expect(made.status).toBe(201)
  return made.body
}

const query = (sql: string, key: string, more: object = {}) => call('POST', '/v1/query', { key, body: { sql, ...more } })

describe('a key', () => {
  it('is shown when it is made and never again', async () => {
    const made = await call('POST', '/v1/keys', { body: { name: 'dashboard', scopes: ['read'] } })
    expect(made.body).toMatchObject({ name: 'dashboard', scopes: ['read'], grants: null, limits: {}, expiresAt: null, revokedAt: null })
    expect(made.body.key).toMatch(/^dl_[0-9a-f]{12}_[0-9a-f]{48}$/)
    expect(made.headers.get('location')).toBe(`/v1/keys/${made.body.id}`)
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect((await query('SELECT 42', made.body.key)).body.rows).toEqual([[42]])

    const { key, ...rest } = made.body
    expect((await call('GET', `/v1/keys/${made.body.id}`)).body).toEqual(rest)
    const listed = await call('GET', '/v1/keys')
    expect(listed.body.keys.map(({ id }: Made) => id)).toContain(made.body.id)
    expect(JSON.stringify(listed.body)).not.toContain(key.split('_')[2])
  })

  it('is never in the log', async () => {
    const { key } = await make({})
    await query('SELECT 1', key)
    await query('SELECT nothing', key)
    await query('SELECT 1', `${key}0`)
    const log = service.output().error
    expect(log).toContain('"request_id"')
    for (const secret of [key, service.key]) expect(log).not.toContain(secret.split('_')[2])
  })

  it('says what it may do', async () => {
    const { id, key } = await make({ scopes: ['read', 'write'], grants: [{ schema: 'main', table: 'rides' }], limits: { maxRows: 3 } })
    const me = await call('GET', '/v1/me', { key })
    expect(me.body).toEqual({ id, scopes: ['read', 'write'], grants: [{ schema: 'main', table: 'rides' }], limits: { maxRows: 3 } })
  })

  it('that is wrong, cut off or no key at all is refused', async () => {
    const { id, key } = await make({})
    for (const wrong of [`dl_${id}_${'0'.repeat(48)}`, `dl_${'0'.repeat(12)}_${'0'.repeat(48)}`, key.slice(0, -1), 'x', 'a.b.c', 'null'])
      expect(await query('SELECT 1', wrong)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })

  it('is needed however the address is written', async () => {
    for (const path of ['/v1/query', '/%76%31/query', '/v1/%71uery']) {
      const response = await fetch(service.url + path, { method: 'POST', headers: { 'content-type': 'application/sql' }, body: 'SELECT 1' })
      expect([path, response.status]).toEqual([path, 401])
    }
  })
})

describe('scopes', () => {
  it('keep a reader from the keys, and a writer from reading', async () => {
    const reader = await make({ scopes: ['read'] })
    const writer = await make({ scopes: ['write'] })
    for (const [method, path] of [
      ['POST', '/v1/keys'],
      ['GET', '/v1/keys'],
      ['GET', `/v1/keys/${reader.id}`],
      ['PATCH', `/v1/keys/${reader.id}`],
      ['DELETE', `/v1/keys/${reader.id}`],
    ] as const)
      expect([method, (await call(method, path, { key: reader.key })).body.code]).toEqual([method, 'forbidden'])
    const refused = await query('SELECT 1', writer.key)
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: `This needs the scope read; ${writer.id} has write.` },
    })
    expect((await query('SELECT 1', service.key)).status).toBe(200)
  })

  it('and grants that contradict each other are refused', async () => {
    const both = await call('POST', '/v1/keys', { body: { name: 'x', scopes: ['admin'], grants: [{ schema: 'main' }] } })
    expect(both).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  })
})

describe('grants', () => {
  it('open their tables and hide the others, in statements and in the catalogue', async () => {
    const { id, key } = await make({ grants: [{ schema: 'main', table: 'harbour' }] })
    expect((await query('SELECT count(*) FROM rides', key)).body).toMatchObject({ code: 'statementRefused' })
    const before = await call('GET', '/v1/tables', { key })
    expect(before.body.tables).toEqual([])
    expect((await call('GET', '/v1/tables/main/rides', { key })).status).toBe(404)

    await call('PATCH', `/v1/keys/${id}`, { body: { grants: [{ schema: 'main' }] } })
    expect((await query('SELECT count(*) FROM rides', key)).body.rows).toEqual([['500']])
    const after = await call('GET', '/v1/tables', { key })
    expect(after.body.tables.map(({ name }: { name: string }) => name)).toEqual(['rides'])
    // Nobody committed; a page that asks with the old tag must still see the change.
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'))
  })
})

describe('limits of a key', () => {
  it('tighten those of the service', async () => {
    const { key } = await make({ limits: { maxRows: 2, timeoutMs: 500 } })
    expect((await query('FROM range(10)', key)).body).toMatchObject({ rowCount: 2, truncated: true })
    expect((await query('SELECT 1', key, { maxRows: 3 })).body.detail).toBe('maxRows is 3, at most 2 is allowed here.')
    expect((await query('SELECT 1', key, { timeoutMs: 501 })).body.detail).toBe('timeoutMs is 501, at most 500 is allowed here.')
  })

  it('bound the statements that run or wait', async () => {
    const { key } = await make({ limits: { statements: 1 } })
    const long = query('SELECT sum(hash(range)) FROM range(30000000000)', key, { timeoutMs: 2_000 })
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(await query('SELECT 1', key)).toMatchObject({ status: 429, body: { code: 'tooManyQueries' } })
    expect((await query('SELECT 1', service.key)).status).toBe(200)
    expect((await long).status).toBe(504)
    expect((await query('SELECT 1', key)).status).toBe(200)
  })

  it('bound its requests, and every answer says how many are left', async () => {
    const { key } = await make({ limits: { requestsPerMinute: 3 } })
    const answers = []
    for (let request = 0; request < 4; request += 1) answers.push(await query('SELECT 1', key))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.split(';')[1])).toEqual(['r=2', 'r=1', 'r=0', 'r=0'])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"key";q=3;w=60')
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answers[3]?.body.code).toBe('tooManyRequests')
    expect((await query('SELECT 1', service.key)).status).toBe(200)
  })
})

describe('the end of a key', () => {
  it('comes at its time', async () => {
    const { id, key } = await make({ expiresAt: new Date(Date.now() + 1_500).toISOString() })
    expect((await query('SELECT 1', key)).status).toBe(200)
    await new Promise(resolve => setTimeout(resolve, 1_600))
    const late = await query('SELECT 1', key)
    expect([late.status, late.body.detail]).toEqual([401, expect.stringMatching(`^The key ${id} expired at `)])
  })

  it('comes at once with its revocation, and for ever', async () => {
    const { id, key } = await make({})
    expect((await query('SELECT 1', key)).status).toBe(200)
    expect((await call('DELETE', `/v1/keys/${id}`)).status).toBe(204)
    const late = await query('SELECT 1', key)
    expect([late.status, late.body.detail]).toEqual([401, expect.stringMatching(`^The key ${id} was revoked at `)])
    expect((await call('DELETE', `/v1/keys/${id}`)).status).toBe(204)
    expect((await call('PATCH', `/v1/keys/${id}`, { body: { expiresAt: null } })).status).toBe(404)
    expect((await call('DELETE', `/v1/keys/${'0'.repeat(12)}`)).status).toBe(404)
  })

  it('does not come for the last administrator', async () => {
    const id = service.key.split('_')[1]
    const soon = new Date(0).toISOString()
    for (const [method, body] of [['DELETE'], ['PATCH', { scopes: ['read'] }], ['PATCH', { expiresAt: soon }]] as const)
      expect(await call(method, `/v1/keys/${id}`, { body })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await call('GET', '/v1/keys')).status).toBe(200)
  })

  it('does not come for both of two administrators who revoke each other', async () => {
    const other = await make({ scopes: ['admin'] })
    await call('GET', '/v1/me', { key: other.key })
    const answers = await Promise.all([
      call('DELETE', `/v1/keys/${other.id}`),
      call('DELETE', `/v1/keys/${service.key.split('_')[1]}`, { key: other.key }),
    ])
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter(status => status === 204)).toHaveLength(1)
    // 401: the other one was done before this one was even let in.
    expect([401, 409]).toContain(statuses.find(status => status !== 204))
    if (statuses[1] === 204) service = { ...service, key: other.key }
  })
})

describe('a body that does not fit', () => {
  it('is refused with the field', async () => {
    for (const [body, named] of [
      [{ scopes: ['read'] }, 'name'],
      [{ name: 'x', scopes: [] }, '/scopes'],
      [{ name: 'x', scopes: ['root'] }, '/scopes/0'],
      [{ name: 'x', scopes: ['read'], grants: [{ table: 'rides' }] }, '/grants'],
      [{ name: 'x', scopes: ['read'], limits: { rows: 1 } }, '/limits'],
      [{ name: 'x', scopes: ['read'], limits: { maxRows: 0 } }, '/limits/maxRows'],
      [{ name: 'x', scopes: ['read'], expiresAt: 'tomorrow' }, '/expiresAt'],
      [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt is 2020-01-01T00:00:00.000Z, which has passed'],
      [{ name: 'x', scopes: ['read'], expiresAt: '2998-12-31T23:59:60Z' }, 'expiresAt is 2998-12-31T23:59:60Z, which is no time'],
      [{ name: 'x', scopes: ['read'], secret: 'mine' }, 'additional'],
    ] as const) {
      const refused = await call('POST', '/v1/keys', { body })
      expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining(named)])
    }
  })
})

describe('the key that an embedded lake keeps', () => {
  it('stays revoked if somebody revoked it: the next start makes another', async () => {
    const lakeDir = temporaryFolder()
    const first = await startService({}, lakeDir)
    const as = async (key: string, method: string, path: string, body?: object) =>
      fetch(first.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
    const made = await as(first.key, 'POST', '/v1/keys', { name: 'second', scopes: ['admin'] })
    const other: Made = JSON.parse(await made.text())
    await as(other.key, 'DELETE', `/v1/keys/${first.key.split('_')[1]}`)
    first.child.kill('SIGINT')
    await first.exit

    const second = await startService({}, lakeDir)
    try {
      expect(second.key).not.toBe(first.key)
      expect(readFileSync(`${lakeDir}/admin-key`, 'utf8').trim()).toBe(second.key)
      expect((await second.query('SELECT 42')).body.rows).toEqual([[42]])
      const response = await fetch(`${second.url}/v1/me`, { headers: { authorization: `Bearer ${first.key}` } })
      expect(response.status).toBe(401)
    } finally {
      await stopService(second)
      removeLake(lakeDir)
    }
  })
})
