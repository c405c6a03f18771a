import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ ENGINES: '2', ENGINES_SHORT: '0', ENGINE_SPARES: '1' })
})
afterAll(() => stopService(service))

function ask(sql: string, headers: Record<string, string>, more: object = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${service.url}/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
    body: JSON.stringify({ sql, ...more }),
    ...(signal && { signal }),
  })
}

const ndjson = { accept: 'application/x-ndjson' }
const csv = { accept: 'text/csv' }
const parquet = { accept: 'application/vnd.apache.parquet' }
const arrow = { accept: 'application/vnd.apache.arrow.stream' }

/** All of it up to where the connection was cut, and whether it was. */
async function readAll(response: Response): Promise<{ text: string; cut: boolean }> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
    return { text, cut: false }
  } catch {
    return { text, cut: true }
  }
}

/** Fails when it is half-way: row 2,500,000 is no number. */
const failsHalfWay = `SELECT i, CASE WHEN i = 2500000 THEN 'x' ELSE '1' END::INTEGER AS n FROM range(3000000) AS t(i)`

describe('a stream', () => {
  it('has head and rows in each format', async () => {
    const sql = 'SELECT ride_id, fares, departed_at FROM rides ORDER BY ride_id LIMIT 2'
    const lines = await ask(sql, ndjson)
    expect(lines.headers.get('x-snapshot-id')).toBe('1')
    expect(lines.headers.get('x-query-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(lines.headers.get('content-disposition')).toMatch(/^attachment; filename="query-[0-9a-f-]+\.ndjson"$/)
    expect((await lines.text()).split('\n')).toEqual([
      '{"ride_id":1,"departed_at":"2026-06-01T06:23:00.000000","fares":"114.80"}'.replace(/("departed.*"),("fares.*")}/, '$2,$1}'),
      '{"ride_id":2,"fares":"47.60","departed_at":"2026-06-01T06:46:00.000000"}',
      '',
    ])
    expect(await (await ask(sql, csv)).text()).toBe(
      'ride_id,fares,departed_at\n1,114.80,2026-06-01 06:23:00\n2,47.60,2026-06-01 06:46:00\n',
    )
    const bytes = Buffer.from(await (await ask(sql, parquet)).arrayBuffer())
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
    const batches = Buffer.from(await (await ask(sql, arrow)).arrayBuffer())
    expect([batches.readInt32LE(0), batches.subarray(-8).toString('hex')]).toEqual([-1, 'ffffffff00000000'])
  })

  it('goes by ?format= before Accept', async () => {
    const response = await fetch(`${service.url}/v1/query?format=csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql', ...ndjson },
      body: 'SELECT 1 AS a',
    })
    expect(await response.text()).toBe('a\n1\n')
  })

  it('keeps the order of ORDER BY over a million rows', async () => {
    const { text } = await readAll(await ask('SELECT i FROM range(1000000) AS t(i) ORDER BY i DESC', csv))
    const rows = text.trimEnd().split('\n').slice(1)
    expect(rows).toHaveLength(1_000_000)
    expect(rows.every((row, index) => Number(row) === 999_999 - index)).toBe(true)
  })

  it('has all rows, compressed or not', async () => {
    const sql = "SELECT i, 'row ' || i AS name FROM range(300000) AS t(i)"
    const plain = await readAll(await ask(sql, ndjson))
    const zipped = await ask(sql, { ...ndjson, 'accept-encoding': 'gzip' })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect((await readAll(zipped)).text.length).toBe(plain.text.length)
    expect(plain.text.split('\n')).toHaveLength(300_001)
    expect(service.output().error).not.toContain('MaxListenersExceededWarning')
  })

  it('renames a second column of the same name, which an object cannot have', async () => {
    expect(await (await ask('SELECT 1 AS n, 2 AS n', ndjson)).text()).toBe('{"n":1,"n_1":2}\n')
  })
})

describe('a stream that fails', () => {
  it('before its first byte is an ordinary error', async () => {
    for (const format of [ndjson, csv, parquet, arrow]) {
      const response = await ask("SELECT 'x'::INTEGER AS a FROM rides", format)
      expect({ status: response.status, ...JSON.parse(await response.text()) }).toMatchObject({ status: 422, code: 'queryFailed' })
    }
  })

  it('half-way has a last line that says so, and is cut', async () => {
    const { text, cut } = await readAll(await ask(failsHalfWay, ndjson))
    expect(cut).toBe(true)
    const last = text.trimEnd().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ error: { code: 'queryFailed', status: 422, detail: expect.stringContaining("'x'") } })
  })

  it('half-way in CSV, Parquet and Arrow is cut', async () => {
    expect((await readAll(await ask(failsHalfWay, csv))).cut).toBe(true)
    expect((await readAll(await ask(failsHalfWay, parquet))).cut).toBe(true)
    expect((await readAll(await ask(failsHalfWay, arrow))).cut).toBe(true)
  })

  it('because its time is up is cut too', async () => {
    const { text, cut } = await readAll(await ask('SELECT i FROM range(100000000000) AS t(i)', ndjson, { timeoutMs: 500 }))
    expect(cut).toBe(true)
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ error: { code: 'queryTimeout' } })
  })
})

describe('a caller that goes away', () => {
  it('ends its statement within 100 ms, and the next one finds the engine', async () => {
    for (const format of [csv, arrow, { accept: 'application/json' }]) {
      const gone = new AbortController()
      const asked = ask('SELECT max(hash(i)) FROM range(100000000000) AS t(i)', format, {}, gone.signal)
        .then(response => response.text())
        .catch(() => 'gone')
      const other = ask('SELECT max(hash(i)) FROM range(100000000000) AS t(i)', format, {}, gone.signal)
        .then(response => response.text())
        .catch(() => 'gone')
      await new Promise(resolve => setTimeout(resolve, 400))
      gone.abort()
      expect(await Promise.all([asked, other])).toEqual(['gone', 'gone'])
      const started = performance.now()
      expect((await service.query('SELECT 1')).status).toBe(200)
      expect(performance.now() - started).toBeLessThan(1_000)
    }
  })
})

describe('formats', () => {
  it('that there are not are refused with those that there are', async () => {
    const response = await ask('SELECT 1', { accept: 'application/pdf' })
    expect({ status: response.status, ...JSON.parse(await response.text()) }).toMatchObject({ status: 406, code: 'notAcceptable' })
  })
})
