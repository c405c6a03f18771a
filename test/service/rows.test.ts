import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function write(path: string, body: string | Uint8Array, headers: Record<string, string> = {}, key = service.key): Promise<Sent> {
  const response = await fetch(`${service.url}/v1/tables/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson', ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

const rowsOf = async (sql: string) => (await service.query(sql)).body.rows

const csv = { 'content-type': 'text/csv' }

/** A table of its own for each test. */
let count = 0
async function newTable(csvText = 'id,name\n1,one\n2,two\n'): Promise<string> {
  count += 1
  const table = `t${count}`
  expect(await write(`main/${table}/rows?mode=create`, csvText, csv)).toMatchObject({ status: 201 })
  return table
}

describe('mode=create', () => {
  it('makes a table of the inferred types, and says which', async () => {
    const made = await write('main/made/rows?mode=create', 'id,name\n1,one\n2,two\n', csv)
    expect(made).toMatchObject({
      status: 201,
      body: {
        mode: 'create',
        rowCount: 2,
        columns: [
          { name: 'id', type: 'BIGINT' },
          { name: 'name', type: 'VARCHAR' },
        ],
      },
    })
    expect(made.headers.get('x-snapshot-id')).toBe(made.body.snapshotId)
    expect(await rowsOf('SELECT * FROM made ORDER BY id')).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ])
    expect(await write('main/made/rows?mode=create', 'id\n1\n', csv)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  })

  it('takes the types of all rows where one behind the first does not fit', async () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `${index}\n`).join('')
    const made = await write('main/late/rows?mode=create', `id\n${many}none\n`, csv)
    expect(made).toMatchObject({ status: 201, body: { rowCount: 30_001, columns: [{ name: 'id', type: 'VARCHAR' }] } })
  })

  it('takes the types that it is given, as data and not as SQL', async () => {
    const columns = (type: string) => encodeURIComponent(JSON.stringify([{ name: 'at', type }]))
    const made = await write(`main/typed/rows?mode=create&columns=${columns('timestamptz')}`, '{"at":"2026-06-01T06:00:00Z"}\n')
    expect(made.body).toMatchObject({ columns: [{ name: 'at', type: 'TIMESTAMP WITH TIME ZONE' }] })
    const hostile = await write(`main/typed2/rows?mode=create&columns=${columns('INT); DROP TABLE rides; --')}`, '{"at":1}\n')
    expect(hostile).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
  })

  it('says with dryRun what it would make, and makes nothing', async () => {
    const before = await rowsOf('SELECT count(*) FROM rides')
    const tried = await write('main/tried/rows?mode=create&dryRun', '{"id":1,"at":"2026-06-01T06:00:00"}\n')
    expect(tried).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        snapshotId: null,
        rowCount: 1,
        columns: [
          { name: 'id', type: 'BIGINT' },
          { name: 'at', type: 'TIMESTAMP' },
        ],
      },
    })
    expect((await service.query('FROM tried')).body).toMatchObject({ code: 'sqlInvalid' })
    expect(await rowsOf('SELECT count(*) FROM rides')).toEqual(before)
  })

  it('makes no table that no statement could read', async () => {
    for (const [name, code] of [
      ['a%2Fb', 'statementRefused'],
      ['rides.csv', 'statementRefused'],
      ['a%E2%80%8Bb', 'invalidRequest'],
    ])
      expect(await write(`main/${name}/rows?mode=create`, '{"id":1}\n')).toMatchObject({ body: { code } })
  })

  it('shows with dryRun the rows as the table would have them', async () => {
    await write('main/ordered/rows?mode=create', '{"id":1,"name":"one","more":true}\n')
    const tried = await write('main/ordered/rows?dryRun', '{"NAME":"two","id":2}\n')
    expect(tried.body).toMatchObject({ columns: [{ name: 'id' }, { name: 'name' }, { name: 'more' }], rows: [['2', 'two', null]] })
  })
})

describe('mode=append', () => {
  it('adds rows in the snapshot that it names', async () => {
    const table = await newTable()
    const added = await write(`main/${table}/rows`, '{"id":3,"name":"three"}\n')
    expect(added).toMatchObject({ status: 200, body: { rowCount: 1, mode: 'append' } })
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['3']])
    const asOf = { version: Number(added.body.snapshotId) - 1 }
    expect((await service.query({ sql: `SELECT count(*) FROM ${table}`, asOf })).body.rows).toEqual([['2']])
  })

  it('refuses all rows for one that does not fit, and each of several requests for itself alone', async () => {
    const table = await newTable()
    const bodies = ['{"id":3}\n', '{"id":"x"}\n', '{"id":4}\n', '{"id":5}\n{"id":6}\n', '{"id":7', '5\n', 'null\n']
    const answers = await Promise.all(bodies.map(body => write(`main/${table}/rows`, body)))
    expect(answers.map(({ status }) => status >= 400)).toEqual([false, true, false, false, true, true, true])
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['6']])
  })

  it('puts appends that come at once into few commits, and tells each its own rows', async () => {
    const table = await newTable()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        write(`main/${table}/rows`, '{"id":9}\n'.repeat(index + 1), { 'x-request-id': `many-${index}` }),
      ),
    )
    expect(answers.map(({ body }) => body.rowCount)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([[`${2 + (40 * 41) / 2}`]])
    expect(new Set(answers.map(({ body }) => body.snapshotId)).size).toBeLessThan(20)
  })

  it('says that there is no such table', async () => {
    expect(await write('main/nowhere/rows', '{"id":1}\n')).toMatchObject({ status: 404, body: { code: 'notFound' } })
  })
})

describe('mode=replace and mode=upsert', () => {
  it('replace puts the rows in the place of all others', async () => {
    const table = await newTable()
    expect(await write(`main/${table}/rows?mode=replace`, 'id,name\n9,nine\n', csv)).toMatchObject({ status: 200, body: { rowCount: 1 } })
    expect(await rowsOf(`FROM ${table}`)).toEqual([['9', 'nine']])
  })

  it('upsert puts rows in the place of those with the same key', async () => {
    const table = await newTable()
    expect(await write(`main/${table}/rows?mode=upsert&key=id`, 'id,name\n2,zwei\n3,drei\n', csv)).toMatchObject({
      status: 200,
      body: { rowCount: 2 },
    })
    expect(await rowsOf(`FROM ${table} ORDER BY id`)).toEqual([
      ['1', 'one'],
      ['2', 'zwei'],
      ['3', 'drei'],
    ])
  })

  it.each([
    ['id,name\n2,a\n2,b\n', 'dataInvalid', '2 rows have the same key: id = 2.'],
    ['id,name\n,a\n', 'dataInvalid', 'A row has no key: id = NULL.'],
    ['name\na\n', 'invalidRequest', 'key: the rows have no column "id".'],
  ])('upsert refuses %j', async (body, code, detail) => {
    const table = await newTable()
    expect(await write(`main/${table}/rows?mode=upsert&key=id`, body, csv)).toMatchObject({
      body: { code, detail: expect.stringContaining(detail) },
    })
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['2']])
  })
})

describe('an Idempotency-Key', () => {
  it('makes a repeated request get the first answer', async () => {
    const table = await newTable()
    const key = { 'idempotency-key': randomUUID() }
    const first = await write(`main/${table}/rows`, '{"id":3}\n', key)
    const second = await write(`main/${table}/rows`, '{"id":3}\n', key)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await write(`main/${table}/rows`, '{"id":4}\n', key)).toMatchObject({ status: 422, body: { code: 'idempotencyMismatch' } })
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['3']])
  })

  it('of a request that failed may be sent again', async () => {
    const key = { 'idempotency-key': randomUUID() }
    expect(await write('main/later/rows', '{"id":3}\n', key)).toMatchObject({ status: 404 })
    await write('main/later/rows?mode=create', '{"id":1}\n')
    expect(await write('main/later/rows', '{"id":3}\n', key)).toMatchObject({ status: 200 })
  })

  it('is written once, however many send it at once', async () => {
    const table = await newTable()
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 10 }, () => write(`main/${table}/rows`, '{"id":3}\n', key)))
    for (const { status, body } of answers) expect(status === 200 || body.code === 'writeInProgress').toBe(true)
    expect(await rowsOf(`SELECT count(*) FROM ${table}`)).toEqual([['3']])
  })
})

describe('the history', () => {
  it('has what was written and what failed, but no dry run and no repetition', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const made = await write('main/noted/rows?mode=create', '{"id":1}\n', key)
    await write('main/noted/rows?mode=create', '{"id":1}\n', key)
    await write('main/noted/rows?dryRun', '{"id":2}\n')
    await write('main/noted/rows', '{"id":"x"}\n')
    const list = async () => {
      const response = await fetch(`${service.url}/v1/queries?kind=rows`, { headers: { authorization: `Bearer ${service.key}` } })
      const page: { queries: Record<string, unknown>[] } = JSON.parse(await response.text())
      return page.queries.filter(({ sql }) => String(sql).includes('/noted/'))
    }
    await expect.poll(list, { timeout: 5_000 }).toMatchObject([
      { sql: 'POST /v1/tables/main/noted/rows', state: 'failed', snapshotId: null, error: { code: expect.any(String) } },
      {
        id: made.body.writeId,
        kind: 'rows',
        sql: 'POST /v1/tables/main/noted/rows?mode=create',
        state: 'succeeded',
        snapshotId: made.body.snapshotId,
        rowCount: '1',
      },
    ])
    const result = await fetch(`${service.url}/v1/queries/${made.body.writeId}/result`, {
      headers: { authorization: `Bearer ${service.key}` },
    })
    expect([result.status, await result.text()]).toEqual([410, expect.stringContaining('It is a write')])
  })
})

describe('who may not', () => {
  it('a key without the scope or the table', async () => {
    const make = async (fields: object) => {
      const response = await fetch(`${service.url}/v1/keys`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'of a test', ...fields }),
      })
      const made: { key: string } = JSON.parse(await response.text())
      return made.key
    }
    const reader = await make({ scopes: ['read'] })
    const writer = await make({ scopes: ['write'], grants: [{ schema: 'main', table: 'granted' }] })
    await write('main/granted/rows?mode=create', '{"id":1}\n')
    expect(await write('main/granted/rows', '{"id":1}\n', {}, reader)).toMatchObject({ status: 403 })
    expect(await write('main/granted/rows', '{"id":1}\n', {}, writer)).toMatchObject({ status: 200 })
    expect(await write('main/rides/rows', '{"ride_id":1}\n', {}, writer)).toMatchObject({ status: 404 })
    expect(await write('main/granted/rows?mode=create', '{"id":1}\n', {}, writer)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('ddl') },
    })
  })
})
