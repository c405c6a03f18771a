import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { Lineage } from '../../service/lineage/lineage.ts'
import { MaintenanceRunner } from '../../service/maintenance/maintenance-runner.ts'
import { MaintenanceSchedule } from '../../service/maintenance/maintenance-schedule.ts'
import { LakeSettings } from '../../service/plugins/lake-settings.ts'
import { listRuns } from '../../service/store/maintenance-runs.ts'
import { changeSetting } from '../../service/store/settings.ts'
import { Store } from '../../service/store/store.ts'
import { TableLocks } from '../../service/writes/table-lock.ts'
import { type OpenLake, openLake } from './open-lake.ts'

const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 1 }
let lake: OpenLake
let store: Store
const spillDir = mkdtempSync(join(tmpdir(), 'spill-'))
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  lake = await openLake()
  store = new Store(lake.service)
})
afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await store.close()
  await lake.close()
  rmSync(spillDir, { recursive: true })
})

/** What one process of the service has. */
function schedule(): MaintenanceSchedule {
  const locks = new TableLocks(lake.service, 'of the test')
  const fail = (error: unknown) => {
    throw error
  }
  const lineage = new Lineage(store, async () => 'of the test', false, { lost() {}, failed: fail })
  const engine = {
    lake: lake.connections.maintenance,
    engineClass: 'maintenance',
    session: 'ducklake-maintenance-of-tests',
    limits,
    spillDir,
    folders: [],
  } as const
  const runner = new MaintenanceRunner(
    { store, locks, lineage, engine, timeoutMs: 60_000, keepPublishedHours: () => 168 },
    { ended() {}, failed: fail },
  )
  closing.push(
    () => locks.close(),
    () => runner.close(),
    () => lineage.flush(),
  )
  return new MaintenanceSchedule(runner, store, new LakeSettings(store), fail)
}

/** What was run, the oldest first. */
async function runs(): Promise<readonly string[]> {
  const stored = await listRuns(store.ask, { limit: 100 })
  expect(stored.every(({ state, requestedBy }) => state === 'succeeded' && requestedBy === 'schedule')).toBe(true)
  return stored.map(({ task }) => task).reverse()
}

const hoursPass = (hours: number) =>
  withPostgres(lake.service, async client => {
    await client.query(`UPDATE app.migration SET done_at = done_at - $1 * interval '1 hour'`, [hours])
    await client.query(`UPDATE app.maintenance_run SET started_at = started_at - $1 * interval '1 hour'`, [hours])
  })

it('does what the settings say when it is due, once for all processes', async () => {
  const processes = [schedule(), schedule()]
  const look = () => Promise.allSettled(processes.map(each => each.runDue()))
  await look()
  expect(await runs()).toEqual([])

  await lake.writer.run('CREATE TABLE small (i INT)')
  for (const _ of [1, 2]) await lake.writer.run('INSERT INTO small FROM range(10)')
  await hoursPass(2)
  await look()
  const hourly = ['flush', 'compact', 'rewrite-deletes']
  expect(await runs()).toEqual(hourly)
  const [[files] = []] = (await lake.reader.runAndReadAll(`SELECT file_count FROM lake.table_info() WHERE table_name = 'small'`)).getRows()
  expect(files).toBe(1n)
  await look()
  expect(await runs()).toEqual(hourly)

  await hoursPass(24)
  await look()
  expect(await runs()).toEqual([...hourly, ...hourly, 'expire', 'clean-up', 'orphans'])
})

it('does nothing where a setting says 0', async () => {
  await changeSetting(store, 'maintenance.compactEveryMinutes', 0, 'of the test')
  await changeSetting(store, 'maintenance.cleanUpEveryHours', 0, 'of the test')
  const before = await runs()
  await hoursPass(1_000)
  await schedule().runDue()
  expect(await runs()).toEqual(before)
})
