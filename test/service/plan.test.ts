import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPlan } from '../../service/engine/read-plan.ts'
import { callService } from './call-service.ts'
import { hostileStatements } from './hostile-statements.ts'
import { type Service, startService, stopService } from './start-service.ts'

describe('POST /v1/query/plan', () => {
  let service: Service
  let call: ReturnType<typeof callService>
  const plan = (sql: string, more: object = {}, key = service.key) => call('POST', '/v1/query/plan', { sql, ...more }, key)
  beforeAll(async () => {
    service = await startService()
    call = callService(service)
  })
  afterAll(() => stopService(service))

  it('tells the steps of a statement without running it', async () => {
    const { status, body } = await plan('SELECT from_station, count(*) FROM rides WHERE minutes > $least GROUP BY ALL', {
      params: { least: 20 },
      asOf: { version: 1 },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ snapshotId: expect.stringMatching(/^\d+$/), truncated: false, totals: null })
    const scan = body.operators.at(-1)
    expect(scan).toMatchObject({ name: expect.stringContaining('SCAN'), details: { Table: expect.stringContaining('rides') }, rows: null })
    expect(scan.depth).toBeGreaterThan(0)
  })

  it('counts what each step gave, if it is to run', async () => {
    const { body, text } = await plan('SELECT * FROM rides ORDER BY fares', { analyze: true })
    expect(text).not.toContain(service.lakeDir)
    expect(body.operators[0]).toMatchObject({ depth: 0, rows: 500, seconds: expect.any(Number) })
    expect(body.totals).toMatchObject({ seconds: expect.any(Number), rowsScanned: expect.any(Number), peakMemoryBytes: expect.any(Number) })
  })

  it('says where a statement is wrong', async () => {
    const { status, body } = await plan("SELECT '😀', nope FROM rides")
    expect([status, body.code, body.position]).toEqual([400, 'sqlInvalid', 13])
  })

  it('refuses whatever a query refuses, and the next caller’s answer is right', async () => {
    const statements = hostileStatements({ listener: '127.0.0.1:9', dataPath: `${service.lakeDir}/data/` })
    const wrong: unknown[] = []
    for (const { sql } of statements) {
      const [asked, planned] = [await call('POST', '/v1/query', { sql, maxRows: 1 }), await plan(sql)]
      if (planned.status !== 200 && planned.body.code !== asked.body.code) wrong.push({ sql, planned: planned.text, asked: asked.text })
      // What fails half-way only has a plan nevertheless.
      if (planned.status === 200 && asked.status !== 200 && asked.status !== 422) wrong.push({ sql, asked: asked.text })
      // A request's id may have any digits.
      const told = planned.text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '')
      if (/root:|PATH=|4711|host=|BEGIN|SCRAM/.test(told)) wrong.push({ sql, leaked: planned.text })
    }
    expect(wrong).toEqual([])
    const { body } = await service.query('SELECT count(*), sum(fares) FROM rides')
    expect(body.rows).toEqual([['500', '47499.20']])
  })

  it.each(['EXPLAIN SELECT 1', 'SELECT 1) ; DROP TABLE rides; --', "SELECT 1) TO '/tmp/x' (FORMAT csv) --", 'FORMAT json) SELECT 1'])(
    'takes no %s',
    async sql => {
      expect((await plan(sql)).body.code).toMatch(/^(statementRefused|sqlSyntax)$/)
    },
  )

  it('tells a key with some tables nothing of what a view reads', async () => {
    await call('POST', '/v1/statements', { sql: 'CREATE SCHEMA secret' })
    await call('POST', '/v1/statements', { sql: 'CREATE TABLE secret.pay AS SELECT 1 AS amount' })
    await call('POST', '/v1/statements', { sql: 'CREATE VIEW wages AS SELECT amount FROM secret.pay WHERE amount < 4712' })
    const grants = [
      { schema: 'main', table: 'wages' },
      { schema: 'main', table: 'rides' },
    ]
    const { key } = (await call('POST', '/v1/keys', { name: 'some', scopes: ['read'], grants })).body
    expect((await call('POST', '/v1/query', { sql: 'FROM wages' }, key)).status).toBe(200)
    expect((await plan('FROM rides', {}, key)).status).toBe(200)
    expect((await plan('FROM secret.pay', {}, key)).body.detail).toBe('There is no table secret.pay that this key may read.')
    for (const sql of [
      'FROM wages',
      'SELECT (SELECT max(amount) FROM wages) FROM rides',
      'WITH a AS (FROM wages) FROM a',
      'DESCRIBE wages',
    ])
      expect((await plan(sql, { analyze: true }, key)).body).toMatchObject({
        code: 'statementRefused',
        detail: 'A plan would tell what a view reads, and this key may read some tables only.',
      })
    expect((await plan('FROM wages')).status).toBe(200)
  })
})

describe('a plan of DuckDB', () => {
  it('is told without its wrapper, with figures as numbers', () => {
    const scan = { operator_name: 'TABLE_SCAN ', operator_cardinality: 3, operator_timing: 0.5, extra_info: { Filters: ['a', 'b'] } }
    const json = { latency: 1, children: [{ operator_name: 'EXPLAIN_ANALYZE', children: [scan, { ...scan, children: [scan] }] }] }
    const { operators, totals } = readPlan(json)
    expect(operators.map(({ depth }) => depth)).toEqual([0, 0, 1])
    expect(operators[0]).toEqual({
      depth: 0,
      name: 'TABLE_SCAN',
      details: { Filters: 'a\nb' },
      estimatedRows: null,
      rows: 3,
      seconds: 0.5,
    })
    expect(totals).toEqual({ seconds: 1, rowsScanned: 0, bytesRead: 0, peakMemoryBytes: 0 })
  })

  it('ends at 2000 steps, however deep or broad it is', () => {
    let deep: object = { name: 'SCAN' }
    for (let depth = 0; depth < 5_000; depth++) deep = { name: 'UNION', children: [deep] }
    const broad = { name: 'UNION', children: Array.from({ length: 5_000 }, () => ({ name: 'SCAN' })) }
    for (const plan of [deep, broad]) expect(readPlan([plan])).toMatchObject({ operators: { length: 2_000 }, truncated: true })
  })
})
