import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let metricsPort: number
beforeAll(async () => {
  metricsPort = await freePort()
  service = await startService({ UPLOAD_MAX_MB: '64', METRICS_PORT: `${metricsPort}` })
  expect((await send('kept', 'id,name\n1,one\n', { mode: 'create' })).status).toBe(201)
})
afterAll(() => stopService(service))

/** Whatever was sent: the table is as it was, there is no other, no body lies in the spool, no engine is at work, and the next
 * body is taken. */
afterEach(async () => {
  expect((await service.query('FROM kept')).body.rows).toEqual([['1', 'one']])
  expect((await service.query("SELECT table_name FROM duckdb_tables() WHERE table_name NOT IN ('rides', 'kept')")).status).toBe(403)
  const answer = await fetch(`${service.url}/v1/tables`, { headers: { authorization: `Bearer ${service.key}` } })
  const { tables }: { tables: { name: string }[] } = JSON.parse(await answer.text())
  expect(tables.map(({ name }) => name).sort()).toEqual(['kept', 'rides'])
  expect(spooled()).toEqual([])
  await expect.poll(running, { timeout: 10_000 }).toBe('0')
  expect((await send('kept', 'id,name\n1,one\n', { dryRun: 'true' })).status).toBe(200)
})

/** How many engines work on a write. */
async function running(): Promise<string | undefined> {
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  return /^ducklake_running_writes (\d+)$/m.exec(metrics)?.[1]
}

/** Files in the spool: its folders belong to processes. */
function spooled(): string[] {
  const entries = readdirSync(join(service.lakeDir, 'spool'), { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(({ name }) => name)
}

const types = { csv: 'text/csv', ndjson: 'application/x-ndjson', json: 'application/json', parquet: 'application/vnd.apache.parquet' }

async function send(
  table: string,
  body: string | Uint8Array,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = { 'content-type': types.csv },
) {
  const response = await fetch(`${service.url}/v1/tables/main/${table}/rows?${new URLSearchParams(query)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, ...headers },
    body,
  })
  const answer: { readonly code?: string; readonly detail?: string; readonly rejectedCount?: number; readonly errors?: readonly object[] } =
    JSON.parse(await response.text())
  return { status: response.status, ...answer }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index},row ${index}\n`).join('')

describe('CSV', () => {
  it('with a wrong type at line 100,001 says which, and what it holds', async () => {
    const body = `id,name\n${numbers(99_999)}many,one\n${numbers(10)}`
    expect(await send('kept', body)).toMatchObject({
      status: 400,
      code: 'dataInvalid',
      rejectedCount: 1,
      errors: [{ line: 100_001, column: 'id', value: 'many', reason: 'is not a valid BIGINT' }],
    })
  })

  it('with ragged rows counts them all and tells the first twenty', async () => {
    const answer = await send('kept', `id,name\n${'1,2,3\n'.repeat(30)}2,two\n4\n`)
    expect(answer).toMatchObject({ status: 400, code: 'dataInvalid', rejectedCount: 31 })
    expect(answer.errors).toHaveLength(20)
    expect(answer.errors?.[0]).toMatchObject({ line: 2, reason: 'has 3 columns, 2 are expected' })
  })

  it.each<[string, Buffer | string, number, RegExp]>([
    ['in two encodings', Buffer.concat([Buffer.from('id,name\n2,ä\n3,'), Buffer.from([0xe4, 0x0a])]), 400, /line 3.*UTF-8|UTF-8.*line 3/i],
    ['in UTF-16', Buffer.from('\ufeffid,name\n2,x\n', 'utf16le'), 400, /UTF-16/],
    ['with a NUL', 'id,name\n2,a\0b\n', 400, /Line 2 .*NUL/],
    ['with a column twice', 'id,ID\n1,2\n', 400, /"id".*|"ID"/],
    ['with a column that the table has not', 'id,nome\n1,x\n', 400, /no "nome"/],
    ['of nothing', '', 400, /empty/],
    ['with 10,000 columns', `${Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')}\n`, 400, /10000 columns/],
    ['with a line without an end', `id,name\n2,"${'x'.repeat(30_000_000)}`, 400, /Line 2 has more than/],
  ])('%s is refused with its place', async (_name, body, status, detail) => {
    const answer = await send('kept', body)
    expect(answer).toMatchObject({ status, code: 'dataInvalid' })
    expect(answer.detail).toMatch(detail)
  })
})

describe('JSON', () => {
  it.each<[string, keyof typeof types, string, RegExp]>([
    ['that is 10,000 deep', 'json', `[{"id": 2, "name": ${'['.repeat(10_000)}${']'.repeat(10_000)}}]`, /deep/],
    ['that ends in its middle', 'json', '[{"id": 2, "name": "x"}, {"id', /./],
    ['with a line that is none', 'ndjson', '{"id": 2}\n{"id": 3,\n{"id": 4}\n', /line 2/],
    ['with a field that the table has not', 'ndjson', '{"id": 2}\n{"id": 3, "nome": "x"}\n', /no "nome"/],
    ['with a NUL in a key', 'ndjson', '{"id": 2, "na\\u0000me": 3}\n', /Column 2 .*NUL/],
    ['with a null for an object', 'ndjson', '{"id": 2}\nnull\n', /line 2.*null/],
    ['with a key twice', 'ndjson', '{"id": 2}\n{"id": 3, "id": 4}\n', /line 2.*same key twice/],
    ['with a line without an end', 'ndjson', `{"id": 2}\n{"id": 3, "name": "${'x'.repeat(30_000_000)}`, /Line 2 has more than/],
    ['with a NUL between its letters', 'json', '\ufeff[\0{\0}\0]', /NUL/],
    ['that is 10,000 wide', 'json', `[{${Array.from({ length: 10_000 }, (_, index) => `"c${index}": 1`).join(',')}}]`, /10000 columns/],
    ['with a fraction for a whole number', 'ndjson', '{"id": 2}\n{"id": "3.5x"}\n', /line 2, column "id"/],
  ])('%s is refused with its place', async (_name, format, body, detail) => {
    const answer = await send('kept', body, {}, { 'content-type': types[format] })
    expect(answer).toMatchObject({ status: 400, code: 'dataInvalid' })
    expect(answer.detail).toMatch(detail)
  })
})

describe('Parquet', () => {
  const exported = async (sql = "SELECT i AS id, 'row ' || i AS name FROM range(1000) AS t(i)") => {
    const response = await fetch(`${service.url}/v1/query?format=parquet`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql' },
      body: sql,
    })
    return Buffer.from(await response.arrayBuffer())
  }
  const parquet = { 'content-type': types.parquet }

  it('that was cut, or whose footer lies, is refused', async () => {
    const whole = await exported()
    for (const body of [whole.subarray(0, 500), whole.subarray(500), Buffer.concat([whole.subarray(0, -200), Buffer.alloc(200, 7)])])
      expect(await send('kept', body, {}, parquet)).toMatchObject({ status: 400, code: 'dataInvalid' })
  })

  it.each([
    ['has another column', 'SELECT 2 AS id, 3 AS nome', /no "nome"/],
    ['has texts for numbers', "SELECT 'x' AS id, 'y' AS name", /line 1, column "id": "x" is not a valid BIGINT/],
    ['has lists for texts', "SELECT [2] AS id, 'y' AS name", /column "id".*is not a valid BIGINT/],
  ])('that %s is refused', async (_, sql, detail) => {
    const answer = await send('kept', await exported(sql), {}, parquet)
    expect(answer).toMatchObject({ status: 400, code: 'dataInvalid' })
    expect(answer.detail).toMatch(detail)
  })

  it('whose footer lies about its rows is refused', async () => {
    const lying = await exported()
    // 1,000 as Thrift writes it, in place of it 2,024.
    const said = Buffer.from([0xd0, 0x0f])
    const footer = lying.length - 8 - lying.readUInt32LE(lying.length - 8)
    for (let at = lying.indexOf(said, footer); at >= 0; at = lying.indexOf(said, at + 2)) lying[at + 1] = 0x1f
    const answer = await send('kept', lying, {}, parquet)
    expect(answer).toMatchObject({ status: 400, code: 'dataInvalid' })
    expect(answer.detail).toMatch(/2024/)
  })

  it('of a key that it has not is refused by the column’s name', async () => {
    const answer = await send('kept', await exported(), { mode: 'upsert', key: 'nome' }, parquet)
    expect(answer).toMatchObject({ status: 400, code: 'invalidRequest' })
    expect(answer.detail).toContain('"nome"')
  })
})

describe('a body', () => {
  it('that unpacks to far more than it is, is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000, 'x'))
    expect(await send('kept', bomb, {}, { 'content-type': types.csv, 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
      code: 'bodyTooLarge',
    })
  })

  it('with a wrong digest is refused, with the right one taken', async () => {
    const body = 'id,name\n2,two\n'
    const digest = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
    const headers = (text: string) => ({ 'content-type': types.csv, 'content-digest': digest(text) })
    expect(await send('kept', body, {}, headers('another'))).toMatchObject({ status: 400, code: 'digestMismatch' })
    expect(await send('kept', body, { dryRun: 'true' }, headers(body))).toMatchObject({ status: 200 })
  })

  it.each([0, 0.5, 0.99])('that breaks off after %d of its bytes changes nothing', async share => {
    const body = Buffer.from(`id,name\n${numbers(100_000)}`)
    await new Promise<void>(resolve => {
      const sent = request(`${service.url}/v1/tables/main/kept/rows`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.key}`, 'content-type': types.csv, 'content-length': `${body.length}` },
      })
      sent.on('error', () => {}).on('close', () => resolve())
      sent.write(body.subarray(0, Math.max(1, Math.floor(body.length * share))), () => setTimeout(() => sent.destroy(), 50))
    })
    await expect.poll(spooled, { timeout: 10_000 }).toEqual([])
  })
})

it.each(['delimiter=%00', 'delimiter=%0A', 'delimiter=%22', 'nullText=%00'])('CSV cannot be written with %s', async query => {
  expect(await send('kept', 'id,name\n2,x\n', Object.fromEntries(new URLSearchParams(query)))).toMatchObject({
    status: 400,
    code: 'invalidRequest',
  })
})

it('names with quotes, dots and emoji are names like others', async () => {
  const columns = ['a"b', 'c.d', '😀', 'select', 'ä ö']
  const made = await send('kept', `${columns.map(name => `"${name.replaceAll('"', '""')}"`).join(',')}\n1,2,3,4,5\n`, {
    mode: 'create',
    dryRun: 'true',
  })
  expect(made).toMatchObject({ status: 409 })
  const tried = await send(
    encodeURIComponent('t.1 "x" 😀'),
    `${columns.map(name => `"${name.replaceAll('"', '""')}"`).join(',')}\n1,2,3,4,5\n`,
    {
      mode: 'create',
      dryRun: 'true',
    },
  )
  expect(tried).toMatchObject({ status: 200, columns: columns.map(name => ({ name, type: 'BIGINT' })), rows: [['1', '2', '3', '4', '5']] })
})

it('with maxRejects the rest is taken, and what was left out is told', async () => {
  const answer = await send('kept', 'id,name\nx,a\n2,b\n3,c\ny,d\n', { maxRejects: '1', dryRun: 'true' })
  expect(answer).toMatchObject({ status: 400, rejectedCount: 2 })
  expect(await send('kept', 'id,name\nx,a\n2,b\n3,c\ny,d\n', { maxRejects: '2', dryRun: 'true' })).toMatchObject({
    status: 200,
    rowCount: 2,
    rejectedCount: 2,
    errors: [
      { line: 2, column: 'id', value: 'x' },
      { line: 5, column: 'id', value: 'y' },
    ],
  })
})
