import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../../service/lineage/run-event.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let sink: Server
/** What the service has told of its runs. */
const events: RunEvent[] = []
beforeAll(async () => {
  sink = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const told: RunEvent | RunEvent[] = JSON.parse(text)
    events.push(...[told].flat())
    response.writeHead(201).end()
  })
  await new Promise<void>(resolve => sink.listen(0, '127.0.0.1', resolve))
  const address = sink.address()
  service = await startService({ LINEAGE_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/` })
  await run('CREATE TABLE stops (id INTEGER, name VARCHAR)')
})
afterAll(async () => {
  await stopService(service)
  sink.close()
})

interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function run(body: string | object, headers: Record<string, string> = {}, key = service.key): Promise<Sent> {
  const response = await fetch(`${service.url}/v1/statements`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': typeof body === 'string' ? 'application/sql' : 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

const rowsOf = async (sql: string) => (await service.query(sql)).body.rows

/** An answer's fields, as texts. */
const fields = ({ body }: Sent) => Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]))

async function newKey(scopes: readonly string[], more: object = {}): Promise<string> {
  const response = await fetch(`${service.url}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: scopes.join(), scopes, ...more }),
  })
  const { key }: { key: string } = JSON.parse(await response.text())
  return key
}

describe('a statement', () => {
  it('changes rows, and its answer has the snapshot', async () => {
    const inserted = await run({ sql: 'INSERT INTO stops VALUES (1, $name), (2, NULL)', params: { name: 'Harbour' } })
    expect(inserted).toMatchObject({ status: 200, body: { kind: 'insert', rowCount: 2 } })
    expect(inserted.headers.get('x-snapshot-id')).toBe(inserted.body.snapshotId)
    expect(await run("UPDATE stops SET name = 'Mill' WHERE id = 2;")).toMatchObject({ status: 200, body: { kind: 'update', rowCount: 1 } })
    expect(await run('DELETE FROM stops WHERE id = 1')).toMatchObject({ status: 200, body: { kind: 'delete', rowCount: 1 } })
    expect(
      await run('MERGE INTO stops USING (SELECT 3 AS id) s ON (stops.id = s.id) WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)'),
    ).toMatchObject({ status: 200, body: { kind: 'merge', rowCount: 1 } })
    expect(await rowsOf('FROM stops ORDER BY id')).toEqual([
      [2, 'Mill'],
      [3, null],
    ])
    expect(await run('DELETE FROM stops WHERE false')).toMatchObject({ status: 200, body: { rowCount: 0, snapshotId: null } })
  })

  it('makes tables, views and schemas, which the next query finds', async () => {
    for (const [sql, kind] of [
      ['CREATE SCHEMA places', 'createSchema'],
      ['CREATE TABLE places.stations AS SELECT DISTINCT from_station AS name FROM rides', 'createTable'],
      ['CREATE VIEW places.first AS SELECT min(name) AS name FROM places.stations', 'createView'],
      ["COMMENT ON TABLE places.stations IS 'where boats stop'", 'comment'],
      ['ALTER TABLE places.stations ADD COLUMN berths INTEGER DEFAULT 2', 'alterTable'],
    ] as const) {
      expect(await run(sql)).toMatchObject({ status: 200, body: { kind } })
    }
    expect(await rowsOf('SELECT name, (SELECT max(berths) FROM places.stations) FROM places.first')).toEqual([['Fish Market', 2]])
    expect(await run('DROP SCHEMA places CASCADE')).toMatchObject({ status: 200, body: { kind: 'dropSchema', rowCount: null } })
    expect(await service.query('FROM places.first')).toMatchObject({ status: 400, body: { code: 'sqlInvalid' } })
  })

  it('is known by its id, author and request in the snapshot', async () => {
    const { body } = await run("INSERT INTO stops VALUES (9, 'x')", { 'x-request-id': 'mine', 'idempotency-key': 'nine' })
    const response = await fetch(`${service.url}/v1/snapshots?limit=1`, { headers: { authorization: `Bearer ${service.key}` } })
    const answer: { snapshots: readonly object[] } = JSON.parse(await response.text())
    expect(answer.snapshots[0]).toMatchObject({
      snapshotId: body.snapshotId,
      author: service.key.split('_')[1],
      message: 'insert main.stops',
    })
  })

  it('that is repeated with its Idempotency-Key runs once', async () => {
    const sql = "INSERT INTO stops VALUES (20, 'once')"
    const first = await run(sql, { 'idempotency-key': 'twenty' })
    const second = await run(sql, { 'idempotency-key': 'twenty' })
    expect(fields(second)).toEqual(fields(first))
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await rowsOf('SELECT count(*) FROM stops WHERE id = 20')).toEqual([['1']])
    expect(await run({ sql }, { 'idempotency-key': 'twenty' })).toMatchObject({ status: 200 })
    expect(await run(`${sql} `, { 'idempotency-key': 'twenty' })).toMatchObject({ status: 422, body: { code: 'idempotencyMismatch' } })
  })

  it('that is refused or fails says where and why, and leaves nothing', async () => {
    expect(await run('SELECT 1')).toMatchObject({ status: 403, body: { code: 'statementRefused', position: 0 } })
    expect(await run('CREATE TABLE x (a INTEGER) y')).toMatchObject({ status: 400, body: { code: 'sqlSyntax', position: 27 } })
    expect(await run('DELETE FROM stops WHERE nome = 1')).toMatchObject({ status: 400, body: { code: 'sqlInvalid', position: 24 } })
    expect(await run("UPDATE stops SET id = 'é'::INTEGER")).toMatchObject({ status: 422, body: { code: 'queryFailed' } })
    expect(await run({ sql: 'DELETE FROM stops WHERE id = $a' })).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
    expect(await run({ sql: 'DELETE FROM stops', timeoutMs: 9_999_999 })).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
    expect(await run({ sql: 'DELETE FROM stops', asOf: { version: 1 } })).toMatchObject({ status: 400, body: { code: 'invalidRequest' } })
    expect(await run('CREATE TABLE stops (a INTEGER)')).toMatchObject({ status: 400, body: { code: 'sqlInvalid' } })
    expect(await service.query('DELETE FROM stops')).toMatchObject({
      status: 403,
      body: { code: 'statementRefused', detail: expect.stringContaining('POST /v1/statements') },
    })
  })

  it('that takes too long is stopped, and its engine takes the next', async () => {
    const sql = 'INSERT INTO stops SELECT r.range, NULL FROM range(100000000) r, range(1000) s WHERE r.range % 7 = s.range'
    expect(await run({ sql, timeoutMs: 400 })).toMatchObject({ status: 504, body: { code: 'queryTimeout' } })
    expect(await run("INSERT INTO stops VALUES (30, 'after')")).toMatchObject({ status: 200 })
    expect(await rowsOf('SELECT count(*) FROM stops WHERE id >= 30')).toEqual([['1']])
  })
})

describe('scopes and grants', () => {
  it('each kind of statement names the scope that it needs', async () => {
    const [read, write, ddl] = await Promise.all([newKey(['read']), newKey(['write']), newKey(['ddl'])])
    const detail = async (sql: string, key: string) => {
      const { status, body } = await run(sql, {}, key)
      return `${status} ${String(body.detail).replace(/; .*/, '')}`
    }
    expect(await detail('DELETE FROM stops', read)).toBe('403 This needs the scope write or ddl')
    expect(await detail('DROP TABLE stops', write)).toBe(
      '403 A statement that makes, changes or drops tables, views and schemas (dropTable) needs the scope ddl',
    )
    expect(await detail('DELETE FROM stops', ddl)).toBe('403 A statement that changes rows (delete) needs the scope write')
    expect(await run('DELETE FROM stops WHERE false', {}, write)).toMatchObject({ status: 200 })
    expect(await run('CREATE SCHEMA IF NOT EXISTS main', {}, ddl)).toMatchObject({ status: 200 })
  })

  it('a key changes what its grants name, and reads nothing else on the way', async () => {
    const key = await newKey(['write', 'ddl'], { grants: [{ schema: 'main', table: 'stops' }] })
    expect(await run("INSERT INTO stops VALUES (40, 'mine')", {}, key)).toMatchObject({ status: 200 })
    const refused = { status: 403, body: { code: 'statementRefused' } }
    expect(await run('DELETE FROM rides', {}, key)).toMatchObject(refused)
    expect(await run('INSERT INTO stops SELECT ride_id, from_station FROM rides', {}, key)).toMatchObject(refused)
    expect(await run('CREATE TABLE other (a INTEGER)', {}, key)).toMatchObject(refused)
    expect(await run('CREATE SCHEMA other', {}, key)).toMatchObject(refused)
  })
})

describe('statements beside each other', () => {
  it('on one table take turns: none is lost, and none gets a conflict', async () => {
    await run('CREATE TABLE counters AS SELECT 1 AS id, 0 AS n')
    const answers = await Promise.all([
      ...Array.from({ length: 8 }, () => run('UPDATE counters SET n = n + 1 WHERE id = 1')),
      ...Array.from({ length: 4 }, (_, index) => run({ sql: 'INSERT INTO counters VALUES (?, 0)', params: [index + 2] })),
    ])
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200))
    expect(await rowsOf('SELECT count(*), max(n) FROM counters')).toEqual([['5', 8]])
  })

  it('that make the same table: one does, and the others are told', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => run('CREATE TABLE same (a INTEGER)')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) if (status !== 200) expect(String(body.detail)).toContain('same')
  })

  it('that make the same schema: a conflict says which', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => run('CREATE SCHEMA twin')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) if (status !== 200) expect(String(body.detail)).toContain('twin')
  })
})

it('the lineage has what a statement read and wrote, and which columns', async () => {
  const { body } = await run('CREATE TABLE fares AS SELECT from_station AS station, sum(fares)::DOUBLE AS total FROM rides GROUP BY ALL')
  const isItsEnd = ({ eventType, job: { name } }: RunEvent) => eventType === 'COMPLETE' && name === 'createTable.main.fares'
  await vi.waitFor(() => expect(events.some(isItsEnd)).toBe(true), { timeout: 20_000 })
  const [event] = events.filter(isItsEnd)
  expect(event?.inputs?.map(({ name }) => name)).toEqual(['main.rides'])
  expect(event?.outputs?.[0]?.facets).toMatchObject({
    version: { datasetVersion: body.snapshotId },
    columnLineage: {
      fields: {
        station: { inputFields: [{ name: 'main.rides', field: 'from_station' }] },
        total: { inputFields: [{ name: 'main.rides', field: 'fares' }] },
      },
    },
  })
})
