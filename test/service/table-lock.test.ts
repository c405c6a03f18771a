import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { type LockMode, TableLocks } from '../../service/writes/table-lock.ts'
import { type OpenLake, openLake } from './open-lake.ts'

let lake: OpenLake
/** Two processes of the service. */
let ours: TableLocks
let theirs: TableLocks
beforeAll(async () => {
  lake = await openLake()
  ours = new TableLocks(lake.service, 'ducklake-gateway-ours')
  theirs = new TableLocks(lake.service, 'ducklake-gateway-theirs')
})
afterAll(async () => {
  await Promise.all([ours.close(), theirs.close()])
  await lake.close()
})

const table = { schema: 'main', name: 'Rides' }
const sameTable = { schema: 'MAIN', name: 'rides' }
let events: string[] = []
beforeEach(() => {
  events = []
})

/** Holds the table until it is told to let go. */
async function hold(locks: TableLocks, mode: LockMode, name = '', of = table) {
  let free = () => {}
  let entered = () => {}
  const inside = new Promise<void>(resolve => {
    entered = resolve
  })
  const held = locks.withTable(of, mode, { timeoutMs: 20_000 }, async signal => {
    events.push(`${name} in`)
    entered()
    await new Promise<void>((resolve, reject) => {
      free = resolve
      signal.addEventListener('abort', () => reject(signal.reason))
    })
    events.push(`${name} out`)
  })
  held.catch(() => {})
  return {
    inside,
    held,
    free: async () => {
      free()
      await held
    },
  }
}

it.each(['ours', 'theirs'])('an exclusive holder keeps %s out, whatever the case of the name, until it leaves', async who => {
  const other = who === 'ours' ? ours : theirs
  const first = await hold(ours, 'exclusive', 'first')
  await first.inside
  await expect(other.withTable(sameTable, 'shared', { timeoutMs: 100 }, async () => {})).rejects.toMatchObject({
    code: 'tableBusy',
    detail: 'The table MAIN.rides was held by others for 100 ms: try again in a moment.',
  })
  const second = await hold(other, 'shared', 'second')
  await first.free()
  await second.inside
  await second.free()
  expect(events).toEqual(['first in', 'first out', 'second in', 'second out'])
})

it('shared holders stand beside each other, in one process and in two', async () => {
  const all = await Promise.all([hold(ours, 'shared'), hold(ours, 'shared'), hold(theirs, 'shared')])
  await Promise.all(all.map(({ inside }) => inside))
  await Promise.all(all.map(({ free }) => free()))
})

it('who wants a table for itself gets it, however many share it one after the other', async () => {
  let stop = false
  const sharing = [ours, ours, theirs].map(async locks => {
    while (!stop) await locks.withTable(table, 'shared', { timeoutMs: 20_000 }, () => new Promise(resolve => setTimeout(resolve, 30)))
  })
  await theirs.withTable(table, 'exclusive', { timeoutMs: 20_000 }, async () => {
    events.push('alone')
  })
  stop = true
  await Promise.all(sharing)
  expect(events).toEqual(['alone'])
})

it('a lock of another table and the one of maintenance are others', async () => {
  const first = await hold(ours, 'exclusive')
  await first.inside
  await theirs.withTable({ schema: 'main', name: 'stops' }, 'exclusive', { timeoutMs: 2_000 }, async () => {})
  await theirs.withMaintenance({ timeoutMs: 2_000 }, async () => {
    await expect(ours.withMaintenance({ timeoutMs: 50 }, async () => {})).rejects.toMatchObject({ code: 'tableBusy' })
  })
  await first.free()
})

it('whoever gives up leaves nothing locked', async () => {
  const first = await hold(ours, 'shared')
  await first.inside
  const gone = AbortSignal.timeout(100)
  await expect(theirs.withTable(table, 'exclusive', { timeoutMs: 20_000, signal: gone }, async () => {})).rejects.toMatchObject({
    code: 'queryCancelled',
  })
  // Not even its gate.
  await theirs.withTable(table, 'shared', { timeoutMs: 2_000 }, async () => {})
  await first.free()
  await theirs.withTable(table, 'exclusive', { timeoutMs: 2_000 }, async () => {})
})

it('a lock that is lost with its connection is known to its holder, and can be had again', async () => {
  const first = await hold(ours, 'exclusive')
  await first.inside
  await withPostgres(lake.service, client =>
    client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ducklake-gateway-ours'`),
  )
  await expect(first.held).rejects.toMatchObject({ code: 'catalogUnavailable' })
  await theirs.withTable(table, 'exclusive', { timeoutMs: 2_000 }, async () => {})
  await ours.withTable(table, 'exclusive', { timeoutMs: 2_000 }, async () => {})
})
