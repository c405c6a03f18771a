import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callObjects, digestOf, pathOf } from './call-objects.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let call: ReturnType<typeof callObjects>
beforeAll(async () => {
  service = await startService({ RATE_LIMIT_PER_MINUTE: '100000' })
  call = callObjects(service)
})
afterAll(() => stopService(service))

const put = (key: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  call('PUT', pathOf(key), body, headers)

describe('a dataset', () => {
  const csv = 'id;at\n1;2026-01-01\n2;2026-01-02\nx;2026-01-03\n'

  it('is looked at without a table', async () => {
    await put('looked/at.csv', csv)
    expect((await call('GET', '/v1/previews/looked/at.csv?limit=2')).body).toMatchObject({
      key: 'looked/at.csv',
      format: 'csv',
      columns: [
        { name: 'id', type: 'VARCHAR' },
        { name: 'at', type: 'DATE' },
      ],
      rows: [
        ['1', '2026-01-01'],
        ['2', '2026-01-02'],
      ],
      dialect: { delimiter: ';', header: true },
    })
    await put('looked/at.jsonl.gz', gzipSync('{"a":1}\n{"a":2}\n'))
    expect((await call('GET', '/v1/previews/looked/at.jsonl.gz')).body).toMatchObject({ format: 'ndjson', rows: [['1'], ['2']] })
    await put('looked/long.csv', `i,t\n${'1,abcdefgh\n'.repeat(500_000)}`)
    expect((await call('GET', '/v1/previews/looked/long.csv?limit=1')).body).toMatchObject({ rows: [['1', 'abcdefgh']] })
  })

  it.each([
    ['looked/at.bin', '', 'x', 415, 'unsupportedMediaType'],
    ['looked/at.parquet', '', 'no Parquet at all', 400, 'dataInvalid'],
    ['looked/at.json', '', '[{"a":', 400, 'dataInvalid'],
    ['looked/nul.csv', '', 'a\n\0\n', 400, 'dataInvalid'],
    ['looked/x.csv', '?format=xml', 'a\n', 400, 'invalidRequest'],
  ])('%s%s that cannot be read says why', async (key, query, body, status, code) => {
    await put(key, body)
    expect(await call('GET', `/v1/previews/${key}${query}`)).toMatchObject({ status, body: { code } })
  })

  it('is loaded by its key, as a body would be', async () => {
    await put('loaded/a.csv', csv)
    const load = (query: string, headers = {}, body?: string) =>
      call('POST', `/v1/tables/main/loaded/rows?object=loaded/a.csv${query}`, body, headers)
    const columns = encodeURIComponent('[{"name":"id","type":"INTEGER"},{"name":"at","type":"DATE"}]')
    const refused = await load(`&mode=create&columns=${columns}`)
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'dataInvalid', rejectedCount: 1, errors: [{ line: 4, column: 'id', value: 'x' }] },
    })
    expect(await load(`&mode=create&columns=${columns}&dryRun&maxRejects=1`)).toMatchObject({ status: 200, body: { rowCount: 2 } })
    const made = await load(`&mode=create&columns=${columns}&maxRejects=1`)
    expect(made).toMatchObject({ status: 201, body: { rowCount: 2, rejectedCount: 1 } })
    expect((await service.query('FROM loaded ORDER BY id')).body.rows).toEqual([
      [1, '2026-01-01'],
      [2, '2026-01-02'],
    ])
  })

  it('is loaded once for a key of idempotency, and another version is another request', async () => {
    await put('once.csv', 'id\n1\n')
    const load = (key?: string) =>
      call('POST', '/v1/tables/main/once/rows?object=once.csv', undefined, key === undefined ? {} : { 'idempotency-key': key })
    await call('POST', '/v1/tables/main/once/rows?object=once.csv&mode=create')
    const key = randomUUID()
    const first = await load(key)
    const second = await load(key)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    await put('once.csv', 'id\n2\n')
    expect(await load(key)).toMatchObject({ status: 422, body: { code: 'idempotencyMismatch' } })
    expect((await service.query('SELECT count(*) FROM once')).body.rows).toEqual([['2']])
  })

  it.each([
    ['?object=nowhere.csv', undefined, 404, 'notFound'],
    ['?object=../a.csv', undefined, 400, 'invalidRequest'],
    ['?object=once.csv', 'id\n1\n', 400, 'invalidRequest'],
    ['?format=csv', 'id\n1\n', 400, 'invalidRequest'],
    ['?object=once.csv&format=parquet', undefined, 400, 'dataInvalid'],
  ])('is not loaded with %s', async (query, body, status, code) => {
    await put('once.csv', 'id\n1\n')
    expect(await call('POST', `/v1/tables/main/once/rows${query}`, body)).toMatchObject({ status, body: { code } })
  })
})

describe('the lineage', () => {
  it('has every upload with one end, and the object as what a table was made of', async () => {
    await put('drawn/a.csv', 'id\n1\n')
    await put('drawn/a.csv', 'id\n1\n', { 'content-digest': digestOf('other') })
    await call('POST', '/v1/tables/main/drawn/rows?object=drawn/a.csv&mode=create')
    const types = async () => {
      const { text } = await call('GET', '/v1/lineage/events?job=upload.drawn/a.csv&limit=10')
      const { events }: { events: { event: { eventType: string } }[] } = JSON.parse(text)
      return events.map(({ event }) => event.eventType)
    }
    await expect.poll(types, { timeout: 10_000 }).toEqual(['FAIL', 'START', 'COMPLETE', 'START'])
    const drawing = async () => (await call('GET', '/v1/lineage?dataset=main.drawn&direction=up&format=mermaid')).text
    await expect.poll(drawing, { timeout: 10_000 }).toMatch(/drawn\/a\.csv[\s\S]*upload\.[\s\S]*n\d --> n\d/)
  })
})
