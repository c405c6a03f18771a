import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { WorkError } from '../../service/engine-pool/work-run.ts'
import { Store } from '../../service/store/store.ts'
import { Idempotency } from '../../service/writes/idempotency.ts'
import { TableLocks } from '../../service/writes/table-lock.ts'
import { type OpenLake, openLake } from './open-lake.ts'

let lake: OpenLake
let store: Store
/** Two processes of the service. */
let ours: Gateway
let theirs: Gateway
beforeAll(async () => {
  lake = await openLake()
  store = new Store(lake.service)
  ours = gateway('ours')
  theirs = gateway('theirs')
})
afterAll(async () => {
  await Promise.all([ours.locks.close(), theirs.locks.close()])
  await store.close()
  await lake.close()
})

interface Gateway {
  readonly locks: TableLocks
  readonly idempotency: Idempotency
  readonly session: string
}

function gateway(name: string): Gateway {
  const session = `ducklake-gateway-${name}`
  const locks = new TableLocks(lake.service, session)
  const self = { process: session, engines: `ducklake-writer-${name}-%` }
  return { locks, session, idempotency: new Idempotency(store, lake.connections.reader.catalog, self, () => locks.open()) }
}

let key = ''
beforeEach(() => {
  key = randomUUID()
})

type Work = (id: string, claim: AbortSignal) => Promise<{ by: string }>

/** Sends the request of this test to one of the processes. */
function send({ idempotency }: Gateway, work: Work) {
  const claim = { id: randomUUID(), keyId: 'key', idempotencyKey: key, requestHash: Buffer.alloc(32) }
  return idempotency.once(claim, work, () => ({ by: 'the lake' }))
}

/** A work that is at it until it is told how to end. */
function slowWork() {
  let began = (_claim: AbortSignal) => {}
  const begun = new Promise<AbortSignal>(resolve => {
    began = resolve
  })
  let end = (_answer: { by: string }) => {}
  let fail = (_error: unknown) => {}
  const ended = new Promise<{ by: string }>((resolve, reject) => {
    ;[end, fail] = [resolve, reject]
  })
  const work: Work = (_id, claim) => {
    began(claim)
    return ended
  }
  return { work, begun, end, fail }
}

/** What happens to the connection that shows a process to the others. */
const cut = ({ session }: Gateway) =>
  withPostgres(lake.service, async client => {
    const { rowCount } = await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1', [
      session,
    ])
    expect(rowCount).toBe(1)
  })

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const undone = () => new WorkError('queryFailed', 'no', {}, 'undone', 'ducklake-writer-ours-1')

it('while one process is at work the other says so, and gets the answer afterwards', async () => {
  const { work, begun, end } = slowWork()
  const first = send(ours, work)
  await begun
  await expect(send(theirs, async () => ({ by: 'theirs' }))).rejects.toMatchObject({ code: 'writeInProgress' })
  end({ by: 'ours' })
  expect(await first).toEqual({ answer: { by: 'ours' }, replayed: false })
  expect(await send(theirs, async () => ({ by: 'theirs' }))).toEqual({ answer: { by: 'ours' }, replayed: true })
})

it('a process that was not to be seen loses its claim, and its failure takes nothing from who does the write now', async () => {
  const mine = slowWork()
  const first = send(ours, mine.work)
  const claim = await mine.begun
  await cut(ours)
  await aborted(claim)
  const other = slowWork()
  const second = send(theirs, other.work)
  await other.begun
  mine.fail(claim.reason)
  await expect(first).rejects.toMatchObject({ code: 'catalogUnavailable' })
  await expect(send(ours, async () => ({ by: 'ours' }))).rejects.toMatchObject({ code: 'writeInProgress' })
  other.end({ by: 'theirs' })
  expect(await second).toEqual({ answer: { by: 'theirs' }, replayed: false })
})

it('a write whose process failed while another looked what became of it can be sent again', async () => {
  const mine = slowWork()
  const first = send(ours, mine.work)
  await mine.begun
  await cut(ours)
  let second: Promise<unknown> = Promise.resolve()
  const engine = { application_name: 'ducklake-writer-ours-1' }
  // An engine that may still commit it: the other waits for its end.
  await withPostgres(
    lake.service,
    async () => {
      second = send(theirs, async () => ({ by: 'theirs' }))
      await until(async () => (await known()) === theirs.session)
      mine.fail(undone())
      await expect(first).rejects.toMatchObject({ code: 'queryFailed' })
    },
    engine,
  )
  await expect(second).rejects.toMatchObject({ code: 'writeInProgress' })
  expect(await send(ours, async () => ({ by: 'ours' }))).toEqual({ answer: { by: 'ours' }, replayed: false })
})

/** Who works on it, as the others see it. */
async function known(): Promise<string | undefined> {
  const [row] = await store.ask<{ process: string }>('SELECT process FROM app.write WHERE idempotency_key = $1', [key])
  return row?.process
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}
