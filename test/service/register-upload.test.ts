import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { embeddedLogin } from './embedded-login.ts'
import { parquetOf } from './parquet-files.ts'
import { runModule } from './run-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ REGISTER_MIN_MB: '1' })
})
afterAll(() => stopService(service))

async function write(path: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${service.url}/v1/tables/main/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/vnd.apache.parquet', ...headers },
    body,
  })
  const json: Record<string, unknown> = JSON.parse(await answer.text())
  return { status: answer.status, replayed: answer.headers.get('idempotent-replayed'), body: json }
}

const filesOf = (table: string) => readdirSync(join(service.lakeDir, 'data', 'main', table))
const count = async (table: string) => (await service.query(`SELECT count(*) FROM ${table}`)).body.rows
const large = () => parquetOf('SELECT i AS id FROM range(500000) AS r(i)')

async function newTable(name: string): Promise<string> {
  expect(await write(`${name}/rows?mode=create`, '{"id":1}\n', { 'content-type': 'application/x-ndjson' })).toMatchObject({ status: 201 })
  return name
}

it('the answer says whether a file became one of the table as it is, or why not', async () => {
  const table = await newTable('uploads')
  expect(await write(`${table}/rows`, await large())).toMatchObject({ status: 200, body: { registered: true, rowCount: 500_000 } })
  expect(await write(`${table}/rows`, await parquetOf('SELECT 2::BIGINT AS id'))).toMatchObject({
    body: { registered: false, rewrittenBecause: expect.stringContaining('fewer than 1048576 bytes') },
  })
  const never = await write(`${table}/rows?register=never`, await large())
  expect(never.body).not.toHaveProperty('registered')
  expect(await count(table)).toEqual([['1000002']])
  const replaced = await write(`${table}/rows?mode=replace&register=trusted`, await large())
  expect(replaced.body).toMatchObject({ registered: true, mode: 'replace', columns: [{ name: 'id', type: 'BIGINT' }] })
  expect(await count(table)).toEqual([['500000']])
})

it('register is refused where it would mean nothing', async () => {
  const table = await newTable('misused')
  for (const path of ['rows?register=trusted&mode=create', 'rows?register=checked&mode=upsert&key=id'])
    expect(await write(`${table}/${path}`, await parquetOf('SELECT 1 AS id'))).toMatchObject({
      status: 400,
      body: { code: 'invalidRequest' },
    })
  expect(await write(`${table}/rows?register=trusted`, 'id\n1\n', { 'content-type': 'text/csv' })).toMatchObject({ status: 400 })
})

it('a repeated request gets the first answer, and the file is there once, even if the service died before it could answer', async () => {
  const table = await newTable('repeated')
  const data = await large()
  const key = { 'idempotency-key': 'a file' }
  const first = await write(`${table}/rows`, data, key)
  expect(first).toMatchObject({ replayed: null, body: { registered: true } })
  expect(await write(`${table}/rows`, data, key)).toEqual({ ...first, replayed: 'true' })
  // What a process leaves that is killed between the commit and its answer.
  await withPostgres(embeddedLogin(service.lakeDir, 'ducklake_service'), client =>
    client.query(`UPDATE app.write SET answer = NULL, process = 'ducklake-gateway-of-the-dead', engines = 'ducklake-writer-of-the-dead-%'`),
  )
  const { writeId, snapshotId, rowCount } = first.body
  expect(await write(`${table}/rows`, data, key)).toMatchObject({ status: 200, replayed: 'true', body: { writeId, snapshotId, rowCount } })
  expect(await count(table)).toEqual([['500001']])
  expect(filesOf(table)).toHaveLength(2)
})

it('a backup has the file, and restores what it holds', async () => {
  const table = await newTable('saved')
  expect(await write(`${table}/rows`, await large())).toMatchObject({ body: { registered: true } })
  const { exit, output } = runModule('restore-drill', { LAKE_DIR: service.lakeDir }, [])
  expect(await exit, output().error).toBe(0)
  expect(output().out).toMatch(/can be restored: \d+ tables and \d+ files are as they were/)
})
