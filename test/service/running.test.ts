import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

/** Runs until somebody ends it. */
const endless = 'SELECT sum(hash(range)) FROM range(30000000000)'
const patience = { timeout: 30_000, interval: 200 }

interface Entry {
  readonly id: string
  readonly sql: string
  readonly [field: string]: unknown
}

let service: Service
let call: ReturnType<typeof callService>
let reader: { readonly id: string; readonly key: string }

beforeAll(async () => {
  // Longer than these tests may take.
  service = await startService({ QUERY_TIMEOUT_MS: '300000', ENGINES: '3' })
  call = callService(service)
  reader = (await call('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })).body
})
afterAll(() => stopService(service))

/** What runs, as a key sees it, by the words of its statement. */
async function found(words: string, { key = service.key, of = '*' } = {}): Promise<Entry | undefined> {
  const { body } = await call('GET', `/v1/queries?state=running${of && `&key=${of}`}`, undefined, key)
  return body.queries.find(({ sql }: Entry) => sql.includes(words))
}

async function appearing(words: string, as?: { key: string; of: string }): Promise<Entry> {
  let entry: Entry | undefined
  await expect
    .poll(async () => {
      entry = await found(words, as)
      return entry !== undefined
    }, patience)
    .toBe(true)
  if (!entry) throw new Error(`${words} is not listed`)
  return entry
}

const gone = (words: string) => expect.poll(() => found(words), patience).toBeUndefined()

describe('what runs for its request', () => {
  it('is listed with whose it is, since when, on which engine, and ends when it is told to', async () => {
    const sql = `${endless} WHERE 'reader' = 'reader'`
    const answer = call('POST', '/v1/query', { sql }, reader.key, { 'x-request-id': 'reader-1' })
    const own = await appearing("'reader'", { key: reader.key, of: '' })
    const entry = await appearing("'reader'")
    expect(entry).toMatchObject({
      ...{ id: own.id, sql, keyId: reader.id, kind: 'query', background: false, state: 'running', requestId: 'reader-1' },
      ...{ engine: expect.stringMatching(/^ducklake-reader-.+-\d+$/), startedAt: expect.any(String), endedAt: null, result: null },
    })
    // Of others a key without admin neither sees nor ends anything.
    const other = (await call('POST', '/v1/keys', { name: 'other', scopes: ['read'] })).body.key
    expect(await found("'reader'", { key: other, of: '' })).toBeUndefined()
    expect((await call('GET', '/v1/queries?key=*', undefined, other)).status).toBe(403)
    expect((await call('DELETE', `/v1/queries/${entry.id}`, undefined, other)).status).toBe(404)
    expect((await call('DELETE', `/v1/queries/${entry.id}`)).status).toBe(204)
    expect(await answer).toMatchObject({ status: 499, body: { code: 'queryCancelled', requestId: 'reader-1' } })
    expect((await call('GET', `/v1/queries/${entry.id}`)).body).toMatchObject({ state: 'cancelled', error: { code: 'queryCancelled' } })
    expect((await service.query('SELECT 42 AS n')).body).toMatchObject({ rows: [[42]] })
  })

  it('is listed while it streams, and is cut when it is ended', async () => {
    const sql = 'SELECT range AS streamed FROM range(30000000000)'
    const response = await fetch(`${service.url}/v1/query?format=ndjson`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql' },
      body: sql,
    })
    const { id } = await appearing('streamed')
    expect((await call('DELETE', `/v1/queries/${id}`)).status).toBe(204)
    const received = async () => {
      let last = ''
      if (response.body) for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) last = (last + chunk).slice(-2_000)
      return last
    }
    await expect(received()).rejects.toThrow('terminated')
    await expect.poll(async () => (await call('GET', `/v1/queries/${id}`)).body.state, patience).toBe('cancelled')
  })

  it('also where it is a write, or a plan that is counted', async () => {
    const write = call('POST', '/v1/statements', { sql: `CREATE TABLE never AS ${endless.replace('sum', 'max')}` })
    const entry = await appearing('never')
    expect(entry).toMatchObject({ kind: 'statement', engine: expect.stringMatching(/^ducklake-writer-/) })
    expect((await call('DELETE', `/v1/queries/${entry.id}`)).status).toBe(204)
    expect(await write).toMatchObject({ status: 499, body: { code: 'queryCancelled' } })
    expect((await call('GET', '/v1/tables/main/never')).status).toBe(404)

    const plan = call('POST', '/v1/query/plan', { sql: `${endless} WHERE 'plan' = 'plan'`, analyze: true })
    const planned = await appearing("'plan'")
    expect((await call('DELETE', `/v1/queries/${planned.id}`)).status).toBe(204)
    expect(await plan).toMatchObject({ status: 499 })
    // A plan is no part of the history.
    await gone("'plan'")
    expect((await call('GET', `/v1/queries/${planned.id}`)).status).toBe(404)
  })

  it('waits in the list while it waits for an engine', async () => {
    const running = [1, 2, 3].map(n => call('POST', '/v1/query', { sql: `${endless} WHERE 'engine ${n}' <> ''` }))
    for (const n of [1, 2, 3]) await appearing(`engine ${n}`)
    const waits = call('POST', '/v1/query', { sql: "SELECT 'waits'" })
    const waiting = async () => (await call('GET', '/v1/queries?state=queued')).body.queries
    await expect.poll(waiting, patience).toMatchObject([{ sql: "SELECT 'waits'", engine: null, startedAt: null }])
    const [first] = await waiting()
    expect((await call('DELETE', `/v1/queries/${first.id}`)).status).toBe(204)
    expect(await waits).toMatchObject({ status: 499, body: { code: 'queryCancelled' } })
    for (const n of [1, 2, 3]) await call('DELETE', `/v1/queries/${(await appearing(`engine ${n}`)).id}`)
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([499, 499, 499])
  })
})
