import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errors } from '../../service/errors.ts'
import { fuzzSeed } from '../fuzz-seed.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({
    RATE_LIMIT_PER_MINUTE: '100000',
    QUERY_TIMEOUT_MS: '2000',
    STREAM_TIMEOUT_MS: '2000',
    BACKGROUND_TIMEOUT_MS: '500',
  })
})
afterAll(() => stopService(service))

const requests = 2_000

/** Texts that look like what belongs there, and texts that do not. */
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'main',
      'rides',
      'queue.maxTries',
      '1',
      '0',
      '-1',
      '2',
      'json',
      'csv',
      'true',
      '*',
      '9'.repeat(30),
      '1e3',
      ' ',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('../../etc/passwd', "'; DROP TABLE rides; --", '%00', '\u0000', '😀', 'ａ', 'a'.repeat(5_000)) },
)
const sql = fc.oneof(
  fc.constantFrom(
    'SELECT 42',
    'FROM rides',
    'SELECT $1',
    'SELECT $a + $b',
    'SELECT 1; SELECT 2',
    'SELECT',
    '(((',
    "SELECT 'x'::INTEGER",
    'SHOW TABLES',
  ),
  fc.constantFrom(
    'SELECT * FROM range(100000)',
    'DESCRIBE rides',
    'SELECT (1, 2)',
    "FROM 'x.csv'",
    'SELECT hash(range) FROM range(3000000000)',
  ),
  text,
)
const anything = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }))

/** A body with fields that a route may know, of types that may fit. */
const fields = fc.record(
  {
    sql,
    params: fc.oneof(fc.array(anything, { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', '1'), anything), anything),
    asOf: fc.oneof(
      fc.record({ version: anything }),
      fc.record({ timestamp: fc.oneof(text, fc.constant('2026-06-01T06:00:00Z')) }),
      anything,
    ),
    maxRows: fc.oneof(fc.integer({ min: -1, max: 20_000 }), anything),
    timeoutMs: fc.oneof(fc.integer({ min: -1, max: 3_000 }), anything),
    name: anything,
    scopes: fc.oneof(fc.subarray(['read', 'write', 'ddl', 'admin']), anything),
    grants: fc.oneof(fc.array(fc.record({ schema: text, table: text }, { requiredKeys: ['schema'] }), { maxLength: 3 }), anything),
    limits: fc.oneof(fc.record({ maxRows: fc.integer(), statements: fc.integer() }, { requiredKeys: [] }), anything),
    expiresAt: fc.oneof(fc.constant('2027-01-01T00:00:00Z'), anything),
    user: anything,
    email: fc.oneof(fc.emailAddress(), anything),
    value: fc.oneof(fc.nat(), anything),
    eventType: fc.oneof(fc.constantFrom('START', 'COMPLETE'), anything),
    eventTime: fc.oneof(fc.constantFrom('2026-06-01T06:00:00Z', '2026-12-31T23:59:60Z', '0001-01-01T00:00:00+14:00'), anything),
    producer: fc.oneof(fc.constant('urn:x'), anything),
    schemaURL: fc.oneof(fc.constant('urn:x'), anything),
    run: fc.oneof(fc.record({ runId: fc.uuid(), facets: anything }), anything),
    job: fc.oneof(fc.record({ namespace: text, name: text }), anything),
    inputs: fc.oneof(fc.array(fc.record({ namespace: text, name: text }), { maxLength: 2 }), anything),
  },
  { requiredKeys: [] },
)
/** Only the first few fields at a time: with all of them hardly a body would fit. */
const body = fc.oneof(
  fc.tuple(fields, fc.nat(3)).map(([all, count]) => JSON.stringify(Object.fromEntries(Object.entries(all).slice(0, count + 1)))),
  fc.record({ sql }).map(value => JSON.stringify(value)),
  fields.map(({ eventType, eventTime, producer, schemaURL, run, job, inputs }) =>
    JSON.stringify({ eventType, eventTime, producer, schemaURL, run, job, inputs }),
  ),
  fc.jsonValue({ maxDepth: 3 }).map(value => JSON.stringify(value)),
  fc.string({ unit: 'binary', maxLength: 200 }),
  sql,
)
const token = (value: string) => encodeURIComponent(value.toWellFormed())

interface Route {
  readonly path: string
  readonly method: string
}

function requestOf(routes: readonly Route[]) {
  return fc.record({
    route: fc.constantFrom(...routes),
    segments: fc.array(text, { minLength: 3, maxLength: 3 }),
    query: fc.dictionary(
      fc.constantFrom(
        'format',
        'limit',
        'before',
        'from',
        'to',
        'offset',
        'after',
        'state',
        'key',
        'cursor',
        'prefix',
        'delimiter',
        'object',
        'kind',
        'user',
        'verbose',
        'dataset',
        'namespace',
        'column',
        'direction',
        'depth',
        'x',
      ),
      text,
      { maxKeys: 3 },
    ),
    headers: fc.record(
      {
        accept: fc.constantFrom('*/*', 'text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet', 'image/png', ';;', ''),
        'accept-encoding': fc.constantFrom('gzip', 'br', 'identity;q=0', '*'),
        'if-none-match': fc.constantFrom('"1"', '*', 'W/"1"', 'x'),
        'x-request-id': fc.constantFrom('mine', 'a b', 'x'.repeat(200)),
        traceparent: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0-0-0'),
        prefer: fc.constantFrom('wait=1', 'wait=x', 'wait=99999999999', 'respond-async'),
        range: fc.constantFrom('bytes=0-3', 'bytes=-1', 'bytes=9-', 'x'),
        'content-type': fc.constantFrom('application/json', 'application/sql', 'text/plain', 'application/json; charset=utf-8', ';'),
        authorization: fc.constantFrom('valid', 'valid', 'valid', 'valid', 'valid', 'Bearer x', 'Basic eDp5', 'Bearer a.b.c', ''),
      },
      { requiredKeys: ['authorization'] },
    ),
    body: fc.option(body, { nil: undefined }),
  })
}

/** Short enough for a report. */
const shown = (path: string) => path.slice(0, 200)

type Sent = ReturnType<typeof requestOf> extends fc.Arbitrary<infer Value> ? Value : never

async function send({ route, segments, query, headers, body: sent }: Sent) {
  let next = 0
  // An empty segment would be another route.
  const path = route.path.replace(/\{\w+\}/g, () => token(segments[next++] || 'x'))
  const search = Object.entries(query).map(([name, value]) => `${name}=${token(value)}`)
  const authorization = headers.authorization === 'valid' ? `Bearer ${service.key}` : headers.authorization
  const bodied = sent !== undefined && route.method !== 'GET' && route.method !== 'HEAD'
  const response = await fetch(`${service.url}${path}?${search.join('&')}`, {
    method: route.method,
    headers: { 'content-type': 'application/json', ...headers, authorization },
    ...(bodied && { body: sent }),
  })
  return { path, response, text: await response.text().catch(() => undefined) }
}

describe('2,000 random requests over every route', () => {
  it('get no 5xx but a documented one, no stack trace, and leave the service well', async () => {
    const document: { paths: Record<string, object> } = JSON.parse(await (await fetch(`${service.url}/openapi.json`)).text())
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => ({ path, method: method.toUpperCase() })),
    )
    // Its own key must stay; and a method that no route has.
    const routes = [
      ...documented.filter(({ method }) => method !== 'DELETE'),
      { path: '/v1/{x}', method: 'GET' },
      { path: '/v1/query', method: 'PUT' },
    ]
    const statuses = new Map<number, number>()

    await fc.assert(
      fc.asyncProperty(fc.array(requestOf(routes), { minLength: 10, maxLength: 10 }), async batch => {
        for (const { path, response, text: answered } of await Promise.all(batch.map(send))) {
          const { status, headers } = response
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          expect(headers.get('x-request-id') ?? '', shown(path)).toMatch(/^[\w.:-]{1,128}$/)
          // A stream that is cut has no text; what it had was not an error.
          if (answered === undefined) continue
          if (status < 400 || path.startsWith('/readyz')) continue
          expect(headers.get('content-type'), shown(path)).toMatch(/^application\/problem\+json/)
          const problem: { code: keyof typeof errors; status: number; detail: string } = JSON.parse(answered)
          expect(errors[problem.code]?.status, `${shown(path)}: ${answered}`).toBe(status)
          expect(problem.code, `${shown(path)}: ${answered}`).not.toBe('internal')
          expect(answered).not.toMatch(/\bat \S+ \(|node_modules|\/service\/|\.ts:\d+/)
        }
      }),
      {
        seed: fuzzSeed,
        numRuns: requests / 10,
        endOnFailure: true,
        // The whole batch would fill the screen.
        reporter: ({ failed, seed, errorInstance }) => {
          if (failed) throw new Error(`with seed ${seed}: ${errorInstance instanceof Error ? errorInstance.message.slice(0, 2_000) : ''}`)
        },
      },
    )
    // The requests were not all of one kind.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 401, 404, 405]))
    expect((await service.query('SELECT count(*) FROM rides')).body.rows).toEqual([['500']])
    expect(service.output().error).not.toContain('unexpected error')
  }, 300_000)
})
