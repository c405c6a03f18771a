import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { breakOff, callObjects, digestOf, pathOf, sendPart, statusOf } from './call-objects.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let call: ReturnType<typeof callObjects>
beforeAll(async () => {
  service = await startService({ OBJECT_MAX_MB: '20', RATE_LIMIT_PER_MINUTE: '100000' })
  call = callObjects(service)
})
afterAll(() => stopService(service))

const put = (key: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  call('PUT', pathOf(key), body, headers)
const get = (key: string, headers: Readonly<Record<string, string>> = {}) => call('GET', pathOf(key), undefined, headers)

async function keysWith(query: Readonly<Record<string, string>>): Promise<{ keys: string[]; prefixes: string[]; next: string | null }> {
  const { status, text } = await call('GET', `/v1/objects?${new URLSearchParams(query)}`)
  expect(status, text).toBe(200)
  const { objects, prefixes, next }: { objects: { key: string }[]; prefixes: string[]; next: string | null } = JSON.parse(text)
  return { keys: objects.map(({ key }) => key), prefixes, next }
}

describe('an object', () => {
  it('comes back as it was stored, and is gone when it was removed', async () => {
    const body = randomBytes(100_000)
    const stored = await put('whole/a.bin', body, { 'content-type': 'image/x-nothing; a=b', 'content-digest': digestOf(body) })
    expect(stored).toMatchObject({
      status: 201,
      body: { key: 'whole/a.bin', bytes: 100_000, contentType: 'image/x-nothing; a=b', digest: digestOf(body) },
    })
    expect(stored.headers.get('etag')).toBe(stored.body.etag)
    const response = await fetch(service.url + pathOf('whole/a.bin'), { headers: { authorization: `Bearer ${service.key}` } })
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/x-nothing; a=b',
      'content-length': '100000',
      etag: stored.body.etag,
      'accept-ranges': 'bytes',
    })
    const head = await call('HEAD', pathOf('whole/a.bin'))
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '100000', stored.body.etag])
    expect((await call('DELETE', pathOf('whole/a.bin'))).status).toBe(204)
    for (const method of ['GET', 'HEAD', 'DELETE']) expect((await call(method, pathOf('whole/a.bin'))).status).toBe(404)
    expect((await keysWith({ prefix: 'whole/' })).keys).toEqual([])
  })

  it('is replaced by the next one, type and all, and may be empty', async () => {
    const first = await put('replaced', 'one', { 'content-type': 'text/one' })
    const second = await put('replaced', '', { 'content-type': 'text/two' })
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'))
    const now = await get('replaced')
    expect([now.status, now.text, now.headers.get('content-type')]).toEqual([200, '', 'text/two'])
  })

  it('that is there is left alone with If-None-Match: *, however many try at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => put('only-new', `body ${index}`, { 'if-none-match': '*' })))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.code === 'preconditionFailed')).toHaveLength(7)
    expect((await get('only-new')).text).toBe(`body ${answers.findIndex(({ status }) => status === 201)}`)
  })

  it('is always one upload’s alone, whoever writes and reads at the same time', async () => {
    const bodies = [1, 2, 3, 4].map(byte => Buffer.alloc(9_000_000, byte))
    await put('contended', bodies[0] ?? '')
    const writing = Promise.all(bodies.map(body => put('contended', body)))
    const reading = Promise.all(
      Array.from({ length: 8 }, async () => {
        const response = await fetch(service.url + pathOf('contended'), { headers: { authorization: `Bearer ${service.key}` } })
        return Buffer.from(await response.arrayBuffer())
      }),
    )
    expect((await writing).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const body of await reading) expect(bodies.some(each => each.equals(body))).toBe(true)
  })

  it('cannot run in a browser as a page of this service', async () => {
    await put('page "ä".html', '<script>alert(1)</script>', { 'content-type': 'text/html' })
    const { headers } = await get('page "ä".html')
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-disposition': `attachment; filename="page \\"?\\".html"; filename*=UTF-8''page%20%22%C3%A4%22.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    })
  })
})

describe('a part of an object', () => {
  beforeAll(async () => {
    await put('digits', '0123456789')
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=7-100', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-100', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=0-0,5-6', 200, '0123456789', null],
    ['bytes=4-2', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('%s', async (range, status, text, contentRange) => {
    const answer = await get('digits', { range })
    expect([answer.status, answer.text, answer.headers.get('content-range')]).toEqual([status, text, contentRange])
    expect(answer.headers.get('content-length')).toBe(`${text.length}`)
  })

  it.each(['bytes=10-', 'bytes=-0'])('%s is none', async range => {
    const answer = await get('digits', { range })
    expect(answer).toMatchObject({ status: 416, body: { code: 'rangeNotSatisfiable' } })
    expect(answer.headers.get('content-range')).toBe('bytes */10')
  })

  it('goes with If-Range only while it is of the same version', async () => {
    const etag = (await get('digits')).headers.get('etag') ?? ''
    expect((await get('digits', { range: 'bytes=0-1', 'if-range': etag })).text).toBe('01')
    expect((await get('digits', { range: 'bytes=0-1', 'if-range': '"other"' })).text).toBe('0123456789')
  })

  it('is not sent again to whoever has it', async () => {
    const { headers } = await get('digits')
    const [etag, modified] = [headers.get('etag') ?? '', headers.get('last-modified') ?? '']
    const conditions: Record<string, string>[] = [
      { 'if-none-match': etag },
      { 'if-none-match': `W/${etag}, "x"` },
      { 'if-modified-since': modified },
      { 'if-none-match': '"x"' },
      { 'if-match': etag },
      { 'if-match': '"x"' },
      { 'if-unmodified-since': new Date(0).toUTCString() },
    ]
    const answers = await Promise.all(conditions.map(condition => get('digits', condition)))
    expect(answers.map(({ status }) => status)).toEqual([304, 304, 304, 200, 200, 412, 412])
    expect(answers[0]?.headers.get('etag')).toBe(etag)
  })
})

describe('keys', () => {
  it.each(['ä ö/ü.csv', 'plus+and%25.csv', '😀', `${'a'.repeat(255)}/b`, '...', '.unfinished', 'a?b#c&d=e', "it's (a) [key] {here}"])(
    '%s is one',
    async key => {
      expect((await put(`keys/${key}`, key)).status).toBe(201)
      expect((await get(`keys/${key}`)).text).toBe(key)
      expect((await keysWith({ prefix: `keys/${key}` })).keys).toEqual([`keys/${key}`])
    },
  )

  it.each([
    ['/v1/objects/a/../b', 400],
    ['/v1/objects/..', 400],
    ['/v1/objects/%2e%2e/%2E%2E/etc/passwd', 400],
    ['/v1/objects/..%2f..%2fadmin-key', 400],
    ['/v1/objects/./a', 400],
    ['/v1/objects/a//b', 400],
    ['/v1/objects/%2fetc', 400],
    ['/v1/objects//etc', 400],
    ['/v1/objects/a/', 400],
    ['/v1/objects/', 400],
    ['/v1/objects/a%5cb', 400],
    ['/v1/objects/a%00b', 400],
    ['/v1/objects/a%0ab', 400],
    ['/v1/objects/a%c3', 400],
    ['/v1/objects/a%ef%bf%bf', 400],
    [`/v1/objects/${'a'.repeat(256)}`, 400],
    [`/v1/objects/${'%c3%a4/'.repeat(342)}a`, 400],
  ])('%s is none', async (path, status) => {
    for (const method of ['PUT', 'GET', 'DELETE']) expect(await statusOf(service, method, path)).toBe(status)
  })

  it('are listed in the order of their bytes, in pages, as in folders', async () => {
    const keys = ['a-b', 'a/b/c', 'a/b/d', 'a/bc', 'a/ﬁ', 'a/😀', 'a0', 'b/1', 'b/2', 'c'].map(key => `list/${key}`)
    for (const key of keys.toReversed()) expect((await put(key, 'x')).status).toBe(201)
    for (const limit of ['1', '2', '3', '100']) {
      expect(await pagesOf({ prefix: 'list/', limit })).toEqual({ keys, prefixes: [] })
      expect(await pagesOf({ prefix: 'list/', delimiter: '/', limit })).toEqual({
        keys: ['list/a-b', 'list/a0', 'list/c'],
        prefixes: ['list/a/', 'list/b/'],
      })
      expect(await pagesOf({ prefix: 'list/a/b', limit })).toEqual({ keys: ['list/a/b/c', 'list/a/b/d', 'list/a/bc'], prefixes: [] })
      expect(await pagesOf({ prefix: 'list/a/b', delimiter: '/', limit })).toEqual({ keys: ['list/a/bc'], prefixes: ['list/a/b/'] })
      expect(await pagesOf({ prefix: 'list/c/', limit })).toEqual({ keys: [], prefixes: [] })
    }
  })

  async function pagesOf(query: Readonly<Record<string, string>>) {
    const all = { keys: [] as string[], prefixes: [] as string[] }
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await keysWith({ ...query, ...(cursor && { cursor }) })
      all.keys.push(...page.keys)
      all.prefixes.push(...page.prefixes)
      cursor = page.next
    }
    return all
  }

  it.each(['cursor=x', 'limit=0', 'delimiter=x', 'prefix=%00', 'prefix=a%5c', 'x=1'])('a list with %s is refused', async query => {
    expect(await call('GET', `/v1/objects?${query}`)).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  })
})

describe('an upload that fails leaves what was there', () => {
  beforeAll(async () => {
    await put('kept/a', 'as it was')
  })

  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['with a wrong digest', 'body', { 'content-digest': digestOf('other') }, 400, 'digestMismatch'],
    ['of several parts with a wrong digest', Buffer.alloc(18_000_000), { 'content-digest': digestOf('other') }, 400, 'digestMismatch'],
    ['with a digest that is none', 'body', { 'content-digest': 'sha-256=x' }, 400, 'invalidRequest'],
    ['that is packed', gzipSync('body'), { 'content-encoding': 'gzip' }, 415, 'unsupportedMediaType'],
    ['of a part', 'body', { 'content-range': 'bytes 0-3/10' }, 400, 'invalidRequest'],
    ['on a condition that is not looked at', 'body', { 'if-match': '"x"' }, 400, 'invalidRequest'],
    ['with a tag in If-None-Match', 'body', { 'if-none-match': '"x"' }, 400, 'invalidRequest'],
    ['with a type that is too long', 'body', { 'content-type': `a/${'b'.repeat(300)}` }, 400, 'invalidRequest'],
  ])('%s', async (_, body, headers, status, code) => {
    for (const key of ['kept/a', 'kept/new']) expect(await put(key, body, headers)).toMatchObject({ status, body: { code } })
    expect((await get('kept/a')).text).toBe('as it was')
    expect((await keysWith({ prefix: 'kept/' })).keys).toEqual(['kept/a'])
  })

  it.each([
    ['by what it says', 1, { 'content-length': '21000000' }],
    ['by what it has', 20 * 1_048_576 + 1, {}],
  ])('that is too large %s', async (_, bytes, headers) => {
    for (const key of ['kept/a', 'kept/new'])
      expect(await sendPart(service, pathOf(key), bytes, headers)).toMatchObject({ status: 413, code: 'bodyTooLarge' })
    expect((await get('kept/a')).text).toBe('as it was')
    expect((await keysWith({ prefix: 'kept/' })).keys).toEqual(['kept/a'])
  })

  it.each([0, 0.5, 0.99])('that breaks off after %d of its bytes', async share => {
    for (const key of ['kept/a', 'kept/new']) await breakOff(service, pathOf(key), 19_000_000, share)
    await expect
      .poll(async () => (await call('GET', '/v1/lineage/events?job=upload.kept/new&limit=1')).text, { timeout: 10_000 })
      .toContain('"FAIL"')
    expect((await get('kept/a')).text).toBe('as it was')
    expect((await keysWith({ prefix: 'kept/' })).keys).toEqual(['kept/a'])
  })
})

it('more uploads than may be are told to come back, and those that are under way go on', async () => {
  let sendRest = () => {}
  const rest = new Promise<void>(resolve => {
    sendRest = resolve
  })
  const held = Array.from({ length: 8 }, (_, index) => sendPart(service, pathOf(`held/${index}`), 1, { 'content-length': '2' }, rest))
  for (const index of held.keys()) {
    const begun = async () => (await call('GET', `/v1/lineage/events?job=upload.held/${index}&limit=1`)).text
    await expect.poll(begun, { timeout: 10_000 }).toContain('"START"')
  }
  const refused = await put('held/more', 'x')
  expect([refused.body.code, refused.headers.get('retry-after')]).toEqual(['tooManyRequests', '1'])
  sendRest()
  expect((await Promise.all(held)).map(({ bytes }) => bytes)).toEqual(Array(8).fill(2))
  expect((await put('held/more', 'x')).status).toBeLessThan(300)
})

describe('who may', () => {
  it('read, write, or neither', async () => {
    const make = async (fields: object) => {
      const made = await call('POST', '/v1/keys', JSON.stringify({ name: 'of a test', ...fields }), { 'content-type': 'application/json' })
      return String(made.body.key)
    }
    await put('access/a.csv', 'id\n1\n')
    const keys = {
      reader: await make({ scopes: ['read'] }),
      writer: await make({ scopes: ['write'] }),
      granted: await make({ scopes: ['read', 'write'], grants: [{ schema: 'main' }] }),
    }
    const statuses = async (key: string) => {
      const as = (method: string, path: string, body?: string, headers = {}) => call(method, path, body, headers, key)
      const presign = (method: string) =>
        as('POST', '/v1/presigned', JSON.stringify({ key: 'access/a.csv', method, ...(method === 'PUT' && { bytes: 3 }) }), {
          'content-type': 'application/json',
        })
      const answers = [
        await as('GET', pathOf('access/a.csv')),
        await as('HEAD', pathOf('access/a.csv')),
        await as('GET', '/v1/objects'),
        await as('GET', '/v1/previews/access/a.csv'),
        await presign('GET'),
        await as('PUT', pathOf('access/b.csv'), 'x'),
        await as('DELETE', pathOf('access/b.csv')),
        await presign('PUT'),
        await as('POST', '/v1/tables/main/rides/rows?object=access/a.csv&dryRun'),
      ]
      return answers.map(({ status }) => status !== 403)
    }
    expect(await statuses(keys.reader)).toEqual([true, true, true, true, true, false, false, false, false])
    expect(await statuses(keys.writer)).toEqual([false, false, false, false, false, true, true, true, false])
    expect(await statuses(keys.granted)).toEqual(Array(9).fill(false))
    expect((await fetch(`${service.url}/v1/objects/access/a.csv`)).status).toBe(401)
  })
})
