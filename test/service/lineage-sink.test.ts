import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EventSender } from '../../service/lineage/event-sender.ts'
import { EventSink } from '../../service/lineage/event-sink.ts'
import { Lineage } from '../../service/lineage/lineage.ts'
import { LostRunWatch } from '../../service/lineage/lost-run-watch.ts'
import type { RunEvent } from '../../service/lineage/run-event.ts'
import { type MigratedStore, startMigratedStore } from './servers/migrated-store.ts'

const namespace = 'ducklake://of-the-tests'
let server: MigratedStore
let http: Server
let url: string

/** What the sink took, in its order, and how it answers. */
let taken: RunEvent[] = []
let requests = 0
let answer: (events: RunEvent[], response: ServerResponse, request: IncomingMessage) => void
const ok: typeof answer = (events, response) => {
  taken.push(...events)
  response.writeHead(201).end()
}

beforeAll(async () => {
  server = await startMigratedStore()
  http = createServer(async (request, response) => {
    requests += 1
    let text = ''
    for await (const chunk of request) text += chunk
    const body: RunEvent | RunEvent[] = JSON.parse(text)
    answer([body].flat(), response, request)
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/lineage`
})
afterAll(async () => {
  http.closeAllConnections()
  http.close()
  await server.remove()
})
beforeEach(async () => {
  await server.store.ask('TRUNCATE app.lineage_run, app.lineage_event, app.lineage_sender')
  taken = []
  requests = 0
  answer = ok
})

const newLineage = () =>
  new Lineage(server.store, async () => namespace, true, {
    lost: () => {},
    failed: error => expect(error).toBe(undefined),
  })

function newSender(path = '', process: string = crypto.randomUUID()) {
  const outcomes: Record<string, number> = {}
  const sink = new EventSink({ url: url + path, token: 'of the sink' }, 300)
  const sender = new EventSender(server.store, sink, process, {
    sent: (outcome, events) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + events
    },
    failed: () => {},
  })
  return { sender, outcomes }
}

async function makeRuns(count: number): Promise<string[]> {
  const lineage = newLineage()
  const runs = Array.from({ length: count }, () => lineage.begin({ job: { kind: 'append' }, inputs: [], requestId: 'r', keyId: 'k' }))
  for (const run of runs) run.complete()
  await lineage.flush()
  return runs.map(({ id }) => id)
}

const deliveries = async () =>
  server.store.ask<{ delivery: string; fault: string | null; tries: number }>(
    'SELECT delivery, fault, tries FROM app.lineage_event ORDER BY id',
  )

describe('events for a sink', () => {
  it('come one by one with the token, the start of a run before its end, and once', async () => {
    const tokens = new Set<unknown>()
    answer = (events, response, request) => {
      tokens.add(request.headers.authorization)
      ok(events, response, request)
    }
    const ids = await makeRuns(3)
    const { sender, outcomes } = newSender()
    await sender.sendSome()
    await sender.sendSome()
    expect(requests).toBe(6)
    for (const id of ids)
      expect(taken.filter(({ run }) => run.runId === id).map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE'])
    expect(outcomes).toEqual({ delivered: 6 })
    expect([...tokens]).toEqual(['Bearer of the sink'])
  })

  it('come fifty at a time where the address is that of a batch', async () => {
    await makeRuns(60)
    const { sender } = newSender('/batch')
    expect(await sender.sendSome()).toBe(0)
    await sender.sendSome()
    expect([requests, taken.length, sender.waiting]).toEqual([3, 120, 20])
  })

  it.each([
    ['answers 503', (_: RunEvent[], response: ServerResponse) => response.writeHead(503).end('later')],
    ['answers 500', (_: RunEvent[], response: ServerResponse) => response.writeHead(500).end('oh')],
    ['answers 401', (_: RunEvent[], response: ServerResponse) => response.writeHead(401).end()],
    ['answers 429', (_: RunEvent[], response: ServerResponse) => response.writeHead(429).end()],
    ['sends elsewhere', (_: RunEvent[], response: ServerResponse) => response.writeHead(302, { location: '/' }).end()],
    ['hangs', () => {}],
    ['hangs in its answer', (_: RunEvent[], response: ServerResponse) => response.writeHead(500).write('oh')],
    ['cuts the connection', (_: RunEvent[], response: ServerResponse) => response.destroy()],
  ])('wait, in their order and with longer and longer pauses, while it %s', async (_, refuse) => {
    const [id] = await makeRuns(2)
    const { sender, outcomes } = newSender()
    answer = refuse
    const pauses = [await sender.sendSome(), await sender.sendSome(), await sender.sendSome()]
    expect(requests).toBe(3)
    expect(pauses.every((pause, nth) => pause >= 500 * 2 ** nth && pause <= 1_000 * 2 ** nth)).toBe(true)
    expect(outcomes).toEqual({ failed: 3 })
    answer = ok
    await sender.sendSome()
    expect(taken.filter(({ run }) => run.runId === id).map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE'])
    expect(taken.length).toBe(4)
  })

  it.each(['', '/batch'])('that it refuses are put aside with its reason, and hold up no other: %j', async path => {
    const [, bad] = await makeRuns(3)
    answer = (events, response, request) =>
      events.some(({ run, eventType }) => run.runId === bad && eventType === 'COMPLETE')
        ? response.writeHead(422).end(`no such job ${'x'.repeat(10_000)}`)
        : ok(events, response, request)
    const { sender, outcomes } = newSender(path)
    await sender.sendSome()
    await sender.sendSome()
    expect(outcomes).toEqual({ delivered: 5, parked: 1 })
    const parked = (await deliveries()).filter(({ delivery }) => delivery === 'parked')
    expect(parked).toEqual([{ delivery: 'parked', fault: expect.stringMatching(/^422 no such job x+$/), tries: 1 }])
    expect(parked[0]?.fault?.length).toBeLessThan(600)
  })

  it('that it fails on again and again are put aside too', async () => {
    const [bad] = await makeRuns(2)
    answer = (events, response, request) =>
      events.some(({ run }) => run.runId === bad) ? response.writeHead(500).end() : ok(events, response, request)
    const { sender, outcomes } = newSender()
    for (let time = 0; time < 40; time += 1) await sender.sendSome()
    expect(outcomes).toMatchObject({ parked: 2, delivered: 2 })
  })

  it('are sent by one process at a time, and by another when that one leaves', async () => {
    await makeRuns(1)
    const [one, other] = [newSender(), newSender()]
    answer = (_, response) => response.writeHead(503).end()
    await one.sender.sendSome()
    await other.sender.sendSome()
    expect([one.outcomes, other.outcomes]).toEqual([{ failed: 1 }, {}])
    answer = ok
    await one.sender.stop()
    await other.sender.sendSome()
    expect(other.outcomes).toEqual({ delivered: 2 })
  })
})

describe('a run whose process died', () => {
  const append = { job: { kind: 'append' }, inputs: [], outputs: [{ schema: 'main', table: 'rides' }], requestId: 'r', keyId: 'k' }

  it('is ended once: as the commit says, or as aborted', async () => {
    const [lost, sweeper] = [newLineage(), newLineage()]
    const writes = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const
    const [committed, other, repeated] = writes.map(writeId => lost.begin({ ...append, writeId }))
    await lost.flush()
    await server.store.ask(`UPDATE app.lineage_run SET alive_at = now() - interval '21 s'`)
    // The third write was repeated after that, and the commit is the repetition's.
    sweeper.begin({ ...append, writeId: writes[2] }).complete({ snapshotId: '41' })
    await sweeper.flush()

    const asked: [string, readonly string[]][] = []
    const findCommits = async (process: string, ids: readonly string[]) => {
      asked.push([process, ids.toSorted()])
      return new Map([[writes[0], '42']])
    }
    const origin = async () => ({ lakeNamespace: namespace, process: sweeper.process, send: true })
    const watchers = [0, 1].map(() => new LostRunWatch(server.store, sweeper.process, origin, findCommits))
    // None of them has been there for long enough to judge.
    await Promise.all(watchers.map(watch => watch.look()))
    expect(asked).toEqual([])
    const now = performance.now.bind(performance)
    performance.now = () => now() + 20_000
    await Promise.all(watchers.map(watch => watch.look())).finally(() => {
      performance.now = now
    })
    for (const each of asked) expect(each).toEqual([lost.process, [writes[0], writes[1]].toSorted()])
    // Its own process comes back to life, too late.
    committed?.abort()
    other?.complete()
    await lost.flush()

    const ends = await server.store.ask<{ run_id: string; event: RunEvent }>(
      `SELECT run_id, event FROM app.lineage_event WHERE type <> 'START'`,
    )
    const typeOf = (id: string | undefined) => ends.filter(({ run_id }) => run_id === id).map(({ event }) => event.eventType)
    expect([typeOf(committed?.id), typeOf(other?.id), typeOf(repeated?.id)]).toEqual([['COMPLETE'], ['ABORT'], ['ABORT']])
    expect(ends.find(({ run_id }) => run_id === committed?.id)?.event.outputs?.[0]).toMatchObject({
      name: 'main.rides',
      facets: { version: { datasetVersion: '42' } },
    })
    expect(await server.store.ask('SELECT state, snapshot_id FROM app.lineage_run WHERE id = $1', [committed?.id])).toEqual([
      { state: 'COMPLETE', snapshot_id: '42' },
    ])
  })
})
