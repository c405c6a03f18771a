import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { EnginePool } from '../../service/engine-pool/engine-pool.ts'
import { WorkError } from '../../service/engine-pool/work-run.ts'
import { type OpenLake, openLake } from './open-lake.ts'
import { temporaryFolder } from './run-service.ts'

let lake: OpenLake
let pool: EnginePool
const spool = temporaryFolder()
const owner = { id: 'tests', limits: {} }
beforeAll(async () => {
  lake = await openLake()
  await lake.writer.run('CREATE TABLE lake.main.stops (id BIGINT, name VARCHAR)')
  const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }
  const recycle = { statements: 1_000, ageMs: 3_600_000, rssMb: 2_048 }
  pool = new EnginePool(
    {
      lake: lake.connections.writer,
      engineClass: 'writer',
      session: 'ducklake-writer-of-tests',
      limits,
      spillDir: mkdtempSync(join(spool, 'spill')),
      folders: [spool],
    },
    { engines: 1, shortEngines: 0, spares: 0, queueMax: 8, perOwnerMax: 8, recycle },
    { started() {}, ended() {}, failed() {} },
  )
  await pool.open()
})
afterAll(async () => {
  await pool.close()
  await lake.close()
})

const rowsOf = async (sql: string) => (await lake.reader.runAndReadAll(sql)).getRows()

function order(lines: string) {
  const file = join(spool, 'rows.ndjson')
  writeFileSync(file, lines)
  const member = { note: { id: '1', request: 'r', by: 'me' }, source: { format: 'ndjson' as const, paths: [file] } }
  return { table: { schema: 'main', name: 'stops' }, author: 'me', members: [member] }
}

it('a writer appends a file and says in which snapshot', async () => {
  const report = await pool.perform({ name: 'append', order: order('{"id":1,"name":"Köln"}\n{"id":2}\n') }, { timeoutMs: 20_000 }, owner)
  expect(report.members).toEqual([{ rowCount: 2 }])
  expect(await rowsOf('SELECT id, name FROM stops ORDER BY id')).toEqual([
    [1n, 'Köln'],
    [2n, null],
  ])
  expect(
    await rowsOf(`SELECT author, commit_message, commit_extra_info FROM lake.snapshots() WHERE snapshot_id = ${report.snapshotId}`),
  ).toEqual([['me', 'append to main.stops', '{"writes":[{"id":"1","request":"r","by":"me","rows":2}]}']])
})

it('a bad row leaves nothing behind', async () => {
  const before = await rowsOf('FROM lake.current_snapshot()')
  const report = await pool.perform({ name: 'append', order: order('{"id":3}\n{"id":"x"}\n') }, { timeoutMs: 20_000 }, owner)
  expect(report).toMatchObject({
    members: [{ error: { code: 'dataInvalid', rejects: { count: 1, first: [{ line: 2, column: 'id', value: 'x' }] } } }],
  })
  expect(await rowsOf('FROM lake.current_snapshot()')).toEqual(before)
})

/** The names of connections that the writers' role has in PostgreSQL. */
const sessions = () =>
  withPostgres(lake.service, async client => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE application_name LIKE 'ducklake-writer-%'`,
    )
    return rows.map(({ name }) => name)
  })

it('a work that hangs in its commit is ended at its deadline, and its connections have the name that the error says', async () => {
  const before = await sessions()
  const { session } = await withPostgres(lake.connections.writer.catalog, async blocker => {
    await blocker.query('BEGIN; LOCK TABLE ducklake_snapshot IN ACCESS EXCLUSIVE MODE')
    const stopped = await pool
      .perform({ name: 'append', order: order('{"id":4}\n') }, { timeoutMs: 500 }, owner)
      .catch((error: unknown) => error)
    expect(stopped).toMatchObject({ code: 'queryTimeout', outcome: 'unknown' })
    return stopped instanceof WorkError ? stopped : { session: '' }
  })
  expect(before).toEqual([session])
  await expect.poll(sessions, { timeout: 10_000 }).not.toContain(session)
  // The next one gets a new engine.
  await expect(pool.perform({ name: 'append', order: order('{"id":5}\n') }, { timeoutMs: 20_000 }, owner)).resolves.toMatchObject({
    members: [{ rowCount: 1 }],
  })
})

it('a work that nobody wants any more is not begun', async () => {
  const signal = AbortSignal.abort()
  const work = pool.perform({ name: 'append', order: order('{"id":6}\n') }, { timeoutMs: 20_000, signal }, owner)
  await expect(work).rejects.toMatchObject({ code: 'queryCancelled' })
})
