import { createServer, type IncomingMessage, type Server } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, LakeClient } from '../../../service/client/lake-client.ts'
import { CutError, ProblemError, StrangeAnswerError, UnreachableError } from '../../../service/client/lake-error.ts'
import type { Row } from '../../../service/client/ndjson.ts'
import { pause } from '../../../service/client/persist.ts'
import { recordBatches } from '../../../service/client/record-batches.ts'
import type { Upload } from '../../../service/client/upload.ts'
import { type Service, startService, stopService } from '../start-service.ts'

let service: Service
let lake: LakeClient
beforeAll(async () => {
  service = await startService()
  lake = new LakeClient(service)
})
afterAll(() => stopService(service))

/** Fails in a late row, after many that go out before. */
const failsLate = "SELECT i, CASE WHEN i = 650000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(700000) AS t(i)"
const endless = 'SELECT sum(hash(a.range, b.range)) AS x FROM range(1000000) AS a, range(1000000) AS b'

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('a query', () => {
  it('answers with rows, their types and the version that was read', async () => {
    const result = await lake.query({ sql: 'SELECT count(*) AS rides FROM rides WHERE passengers > $least', params: { least: 0 } })
    expect(result).toMatchObject({ columns: [{ name: 'rides', type: 'BIGINT' }], snapshotId: '1', truncated: false })
    expect(result.rows[0]?.[0]).toMatch(/^\d+$/)
  })

  it('is a problem with code, status, id and place where it is wrong', async () => {
    const error = await failureOf(lake.query('SELECT passenger FROM rides'))
    expect(error).toBeInstanceOf(ProblemError)
    expect(error).toMatchObject({ name: 'ProblemError', code: 'sqlInvalid', status: 400, requestId: expect.stringMatching(/./) })
    expect(error).toMatchObject({ problem: { position: 7, candidates: expect.arrayContaining(['passengers']) } })
  })

  it('gives rows one by one, as many as there are', async () => {
    const rows = await collected(await lake.rows('SELECT range AS n, range::VARCHAR AS text FROM range(70000) ORDER BY n'))
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([70_000, { n: '0', text: '0' }, { n: '69999', text: '69999' }])
  })

  it('gives batches of Arrow, as many rows as there are', async () => {
    const counts = (await collected(recordBatches(lake, 'FROM range(70000)'))).map(batch => batch.numRows)
    expect(counts.reduce((a, b) => a + b)).toBe(70_000)
  })

  it('gives bytes in the other formats, with its ids', async () => {
    const stream = await lake.stream('FROM rides ORDER BY ride_id LIMIT 1', 'csv')
    expect(stream).toMatchObject({ snapshotId: '1', queryId: expect.stringMatching(/-/), requestId: expect.stringMatching(/./) })
    expect(Buffer.concat(await collected(stream.chunks())).toString()).toMatch(/^ride_id,.*\n.*\n$/)
    expect(await failureOf(collected(stream.chunks()))).toBeInstanceOf(TypeError)
  })
})

describe('an answer that fails on its way', () => {
  it('throws the problem of its last line, after the rows before it', async () => {
    const seen: Row[] = []
    const error = await failureOf(
      (async () => {
        for await (const row of await lake.rows(failsLate)) seen.push(row)
      })(),
    )
    expect(error).toMatchObject({ code: 'queryFailed', detail: expect.stringContaining("'x'") })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every(row => 'n' in row)).toBe(true)
  })

  it.each(['csv', 'arrow'] as const)('breaks off as %s, and the history knows why', async format => {
    const error = await failureOf(collected((await lake.stream(failsLate, format)).chunks()))
    expect(error).toBeInstanceOf(CutError)
    expect(error).toMatchObject({ code: 'queryFailed', detail: expect.stringContaining('The answer is not complete.') })
  })

  it('is a row where rows look like an error and the answer is complete', async () => {
    const problem = "{'code': 'queryFailed', 'detail': 'no', 'status': 422, 'requestId': 'r'}"
    const rows = await collected(await lake.rows(`SELECT ${problem} AS error FROM range(2)`))
    expect(rows.map(row => row.error)).toEqual(Array(2).fill(expect.objectContaining({ code: 'queryFailed' })))
  })
})

describe('who leaves', () => {
  const running = async () => {
    const { queries } = await answerOf(lake.api.GET('/v1/queries', { params: { query: { limit: '1' } } }))
    return queries[0]
  }

  it('by an abort gets its reason, and the statement is cancelled', async () => {
    const leaving = new AbortController()
    const error = failureOf(lake.query(endless, { signal: leaving.signal }))
    setTimeout(() => leaving.abort(new Error('seen enough')), 300)
    expect(await error).toMatchObject({ message: 'seen enough' })
    await expect.poll(running, { timeout: 20_000 }).toMatchObject({ sql: endless, state: 'cancelled' })
  })

  it('by the end of a loop, cancels it too', async () => {
    const sql = 'SELECT a.range AS n FROM range(1000000) AS a, range(1000000) AS b'
    for await (const row of await lake.rows(sql)) {
      expect(row).toHaveProperty('n')
      break
    }
    await expect.poll(running, { timeout: 20_000 }).toMatchObject({ sql, state: 'cancelled' })
  })
})

describe('an upload', () => {
  const upload = (table: string, csv: string, more: Partial<Upload> = {}) =>
    lake.upload({ schema: 'main', table, source: new Blob([csv]), contentType: 'text/csv', options: { mode: 'create' }, ...more })

  it('is written once, however often it is sent with the same key', async () => {
    const first = await upload('once', 'n\n1\n2\n', { idempotencyKey: 'once' })
    expect(first).toMatchObject({ rowCount: 2, mode: 'create' })
    expect(await upload('once', 'n\n1\n2\n', { idempotencyKey: 'once' })).toEqual(first)
  })

  it('tells how much has gone out', async () => {
    const sent: number[] = []
    await upload('counted', 'n\n1\n', { source: () => new Blob(['n\n1\n']).stream(), onProgress: bytes => sent.push(bytes) })
    expect([sent[0], sent.at(-1)]).toEqual([0, 4])
  })

  it('says line, column and value of what does not fit', async () => {
    const options = { mode: 'create', columns: '[{"name": "n", "type": "INTEGER"}]' } as const
    const error = await failureOf(upload('refused', 'n\n1\nx\n', { options }))
    expect(error).toMatchObject({ code: 'dataInvalid', problem: { rejectedCount: 1, errors: [{ line: 3, column: 'n', value: 'x' }] } })
  })
})

describe('a service that is not there, or not ready', () => {
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  /** A client of a server that answers with these, the last one again and again. */
  async function clientOf(...answers: readonly (readonly [status: number, headers: Record<string, string>, body: string])[]) {
    const requests: IncomingMessage[] = []
    const server = createServer((request, response) => {
      const [status, headers, body] = answers[Math.min(requests.push(request), answers.length) - 1] ?? [500, {}, '']
      request.resume().on('end', () =>
        response.writeHead(status, headers).end(body, () => {
          if (headers['content-length'] !== undefined) request.socket.destroy()
        }),
      )
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    return { requests, client: new LakeClient({ url: `http://127.0.0.1:${port}/`, key: 'k', patience: { tries: 3 } }) }
  }
  const busy = { code: 'engineNotReady', status: 503, title: 'No engine is ready', type: 'about:blank', detail: 'None.', requestId: 'r' }
  const json = { 'content-type': 'application/json' }
  const notNow = [503, { 'retry-after': '0', 'content-type': 'application/problem+json' }, JSON.stringify(busy)] as const

  it('is asked again where it says when, as often as is allowed', async () => {
    const { client, requests } = await clientOf(notNow, notNow, [200, json, '{"tables": [], "snapshotId": "1"}'])
    expect(await answerOf(client.api.GET('/v1/tables'))).toEqual({ tables: [], snapshotId: '1' })
    expect(requests.map(({ url, headers }) => [url, headers.authorization])).toEqual(Array(3).fill(['/v1/tables', 'Bearer k']))
    const tired = await clientOf(notNow)
    expect(await failureOf(tired.client.query('SELECT 1'))).toMatchObject({ code: 'engineNotReady' })
    expect(tired.requests).toHaveLength(3)
  })

  it('is not asked again for what must not be done twice, nor if the wait is too long', async () => {
    const once = await clientOf(notNow)
    expect(await failureOf(once.client.api.POST('/v1/statements', { body: { sql: 'DELETE FROM t' } }))).toBeInstanceOf(ProblemError)
    const late = await clientOf([503, { ...notNow[1], 'retry-after': '3600' }, notNow[2]])
    expect(await failureOf(late.client.query('SELECT 1'))).toBeInstanceOf(ProblemError)
    expect([once.requests.length, late.requests.length]).toEqual([1, 1])
  })

  it('gets an upload again with the same key, if its source can be read again', async () => {
    const written = [200, json, '{"writeId": "w", "snapshotId": "2", "mode": "append", "rowCount": 1}'] as const
    const rows = { schema: 'main', table: 't', contentType: 'text/csv' }
    const again = await clientOf(notNow, written)
    expect(await again.client.upload({ ...rows, source: () => new Blob(['n\n1\n']).stream() })).toMatchObject({ rowCount: 1 })
    const keys = again.requests.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual([keys[0], keys[0]])
    const once = await clientOf(notNow, written)
    expect(await failureOf(once.client.upload({ ...rows, source: new Blob(['n\n1\n']).stream() }))).toBeInstanceOf(ProblemError)
  })

  it('is told from one that is no lake', async () => {
    const { client } = await clientOf([502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>'])
    const error = await failureOf(client.query('SELECT 1'))
    expect(error).toBeInstanceOf(StrangeAnswerError)
    expect(error).toMatchObject({ status: 502, detail: expect.stringContaining('<h1>Bad gateway</h1>. Is this the address of a lake?') })
  })

  it.each(['text/html', ''])('is told from one that says yes to everything, with the type "%s"', async type => {
    const { client } = await clientOf([200, type === '' ? {} : { 'content-type': type }, '<h1>Sign in</h1>'])
    const upload = { schema: 'main', table: 't', contentType: 'text/csv', source: new Blob(['n\n1\n']) }
    const calls = [
      () => client.query('SELECT 1'),
      () => client.rows('SELECT 1'),
      () => client.stream('SELECT 1', 'csv'),
      () => client.upload(upload),
      () => answerOf(client.api.GET('/v1/tables')),
      () => client.api.DELETE('/v1/keys/{id}', { params: { path: { id: '0'.repeat(12) } } }),
    ]
    for (const call of calls) expect(await failureOf(call())).toBeInstanceOf(StrangeAnswerError)
  })

  it('hears of an abort however much was collected since it began', async () => {
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    if (typeof collect !== 'function') throw new Error('the garbage is not collected when it is told to be')
    let left = false
    const silent = createServer((_request, response) => {
      response.once('close', () => {
        left = true
      })
    })
    servers.push(silent)
    await new Promise<void>(listening => silent.listen(0, '127.0.0.1', listening))
    const address = silent.address()
    const client = new LakeClient({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}` })
    const leaving = new AbortController()
    const error = failureOf(client.query('SELECT 1', leaving))
    await new Promise(asked => silent.once('request', asked))
    for (let times = 0; times < 3; times += 1) {
      await pause(20)
      collect()
    }
    leaving.abort(new Error('seen enough'))
    expect(await error).toMatchObject({ message: 'seen enough' })
    await expect.poll(() => left, { timeout: 30_000 }).toBe(true)
  })

  it('is not waited for any more after an abort', async () => {
    const { client, requests } = await clientOf([503, { ...notNow[1], 'retry-after': '20' }, notNow[2]])
    const leaving = new AbortController()
    const error = failureOf(client.query('SELECT 1', { signal: leaving.signal }))
    await expect.poll(() => requests.length, { timeout: 20_000 }).toBe(1)
    leaving.abort(new Error('seen enough'))
    expect(await error).toMatchObject({ message: 'seen enough' })
    await expect(pause(20_000, leaving.signal)).rejects.toThrow('seen enough')
    expect(requests).toHaveLength(1)
  })

  it('is not believed where its answer breaks off', async () => {
    const { client } = await clientOf([200, { ...json, 'content-length': '1000' }, '{"tables": ['])
    expect(await failureOf(answerOf(client.api.GET('/v1/tables')))).toBeInstanceOf(CutError)
    expect(await failureOf(client.query('SELECT 1'))).toBeInstanceOf(CutError)
  })

  it('is never asked with an address or a key that cannot be one', () => {
    expect(() => new LakeClient({ url: 'lake.example' })).toThrow(TypeError)
    expect(() => new LakeClient({ url: 'http://lake.example', key: 'a\nb' })).toThrow(TypeError)
  })

  it('is named with the reason', async () => {
    const { client } = await clientOf()
    servers.at(-1)?.close()
    const error = await failureOf(client.query('SELECT 1'))
    expect(error).toBeInstanceOf(UnreachableError)
    expect(error).toMatchObject({
      code: 'unreachable',
      detail: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/),
    })
  })
})
