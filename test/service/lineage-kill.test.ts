import { afterAll, expect, it } from 'vitest'
import { embeddedConnections } from '../../service/embedded/embedded-connections.ts'
import { foldersOf } from '../../service/embedded/lake-folder.ts'
import { postgresOf } from '../../service/embedded/start-postgres.ts'
import { Store } from '../../service/store/store.ts'
import { findWrites } from '../../service/writes/find-write.ts'
import { TableLocks } from '../../service/writes/table-lock.ts'
import { extensionDir, temporaryFolder } from './run-service.ts'
import { type Service, startOn, stopService } from './start-service.ts'

/** Of an embedded lake, whose PostgreSQL outlives the service. */
const lakeDir = temporaryFolder()
let service: Service
afterAll(() => stopService(service))

const acknowledged: { readonly writeId: string; readonly snapshotId: string }[] = []

/** One row. @returns false if the service was killed meanwhile */
async function append(table: string, mode = 'append'): Promise<boolean> {
  const response = await fetch(`${service.url}/v1/tables/main/${table}/rows?mode=${mode}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/x-ndjson' },
    body: '{"n":1}',
  }).catch(() => undefined)
  const text = await response?.text().catch(() => undefined)
  if (text === undefined) return false
  if (response?.ok) acknowledged.push(JSON.parse(text))
  return true
}

interface Run {
  readonly write_id: string
  readonly state: string
  readonly snapshot_id: string | null
  readonly ends: number
}

function runsOf(store: Store): Promise<Run[]> {
  return store.ask<Run>(
    `SELECT write_id, state, snapshot_id, (SELECT count(*)::integer FROM app.lineage_event WHERE run_id = run.id AND type <> 'START') AS ends
     FROM app.lineage_run AS run WHERE write_id IS NOT NULL`,
  )
}

it('every write whose process was killed has one end, which is what the lake says', async () => {
  service = await startOn({ LAKE_DIR: lakeDir }, lakeDir)
  const folder = foldersOf(lakeDir)
  const lake = embeddedConnections(folder, extensionDir, postgresOf(folder))
  const [store, locks] = [new Store(lake.service), new TableLocks(lake.service, 'of the test')]
  for (const table of ['noted', 'held']) await append(table, 'create')
  const appending = Array.from({ length: 6 }, async () => {
    while (await append('noted'));
  })
  const held = locks.withTable({ schema: 'main', name: 'held' }, 'exclusive', { timeoutMs: 5_000 }, async () => {
    const waiting = Array.from({ length: 3 }, () => append('held'))
    // So that some are unfinished for certain, and some others committed.
    await expect
      .poll(async () => (await runsOf(store)).filter(({ ends }) => ends === 0).length, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(3)
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(40)
    service.child.kill('SIGKILL')
    await service.exit
    await Promise.all(waiting)
  })
  await Promise.all([...appending, held])
  await Promise.allSettled([locks.close(), store.close()])

  service = await startOn({ LAKE_DIR: lakeDir }, lakeDir)
  const again = new Store(embeddedConnections(folder, extensionDir, postgresOf(folder)).service)
  await expect.poll(async () => (await runsOf(again)).filter(({ ends }) => ends === 0).length, { timeout: 60_000, interval: 500 }).toBe(0)
  const all = await runsOf(again)
  await again.close()
  const committed = await findWrites(
    lake.connections.reader.catalog,
    'nobody',
    all.map(({ write_id }) => write_id),
  )
  expect(all.filter(({ ends }) => ends !== 1)).toEqual([])
  expect(all.map(({ write_id, snapshot_id }) => [write_id, snapshot_id])).toEqual(
    all.map(({ write_id }) => [write_id, committed.get(write_id)?.snapshotId ?? null]),
  )
  expect(all.filter(({ state }) => state === 'ABORT').length).toBeGreaterThanOrEqual(3)
  for (const { writeId, snapshotId } of acknowledged)
    expect([snapshotId, undefined]).toContain(all.find(({ write_id }) => write_id === writeId)?.snapshot_id)
})
