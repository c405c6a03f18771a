import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../constructs/log-pipeline/run-pipeline.ts'
import { postgresEvents } from '../../constructs/log-pipelines.ts'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import type { PostgresServer } from '../service/servers/postgres-server.ts'
import { collect } from './collect.ts'
import { countCalls, countEvents } from './count-entries.ts'
import { startLoggingServer } from './logged-work.ts'
import { type Provoked, provokeEvents } from './provoke-events.ts'

const debian15 = '/usr/lib/postgresql/15/bin'
const servers = [
  { name: 'the PostgreSQL of the lake', programs: undefined },
  ...(existsSync(debian15) ? [{ name: 'PostgreSQL 15', programs: debian15 }] : []),
]

describe.each(servers)('what $name logs', ({ programs }) => {
  let server: PostgresServer
  let provoked: Provoked
  let entries: Entry[]
  beforeAll(async () => {
    server = await startLoggingServer(programs)
    provoked = await provokeEvents(server)
    entries = collect(provoked.log)
  }, 300_000)
  afterAll(() => server?.remove())

  it('is counted, event by event, as often as it happened', () => {
    expect(countEvents(entries, provoked.sharedTables)).toEqual(provoked.events)
  })

  it('has every event that there is', () => {
    const seen = new Set(entries.map(({ labels }) => labels.event))
    expect(postgresEvents.map(({ name }) => name).filter(name => !seen.has(name))).toEqual([])
  })

  it('has the calls of queues, once for each call, with the queue', () => {
    expect(countCalls(entries)).toEqual(provoked.calls)
  })

  it('is all there, and every report in one entry with its level', () => {
    expect(entries.map(({ line }) => line).join('\n')).toBe(provoked.log)
    expect(entries.filter(({ labels }) => !labels.level)).toEqual([])
    const levels = new Set(entries.map(({ labels }) => labels.level))
    expect([...levels]).toEqual(expect.arrayContaining(['info', 'error', 'fatal']))
    // A server warns where the machine is slow: a worker that took too long to start, say.
    levels.delete('warning')
    expect(levels.size).toBe(3)
  })

  it('says which table, how much and how long of every vacuum', () => {
    const figures =
      /tuples: \d+ removed, \d+ remain, \d+ are dead but not yet removable.*buffer usage: \d+ hits, \d+ (?:misses|reads), \d+ dirtied.*elapsed: [\d.]+ s/s
    const vacuums = entries.filter(({ labels }) => labels.event === 'autovacuum' || labels.event === 'wraparound')
    expect(vacuums.filter(({ line, metadata }) => !figures.test(line) || !/^\w+\.\w+$/.test(metadata.relation ?? ''))).toEqual([])
    expect(vacuums.map(({ labels, metadata }) => `${labels.database} ${metadata.relation}`)).toContain('events public.dead')
  })

  it('names the client where there is one, and no client’s name is a level', () => {
    const forged = entries.find(({ metadata }) => metadata.application?.includes('PANIC'))
    expect(forged).toMatchObject({ labels: { database: 'events' }, metadata: { user: 'postgres', pid: expect.stringMatching(/^\d+$/) } })
    expect(entries.filter(({ labels, line }) => labels.level === 'fatal' && !/\tFATAL: {2}/.test(line))).toEqual([])
  })

  it('makes few streams', () => {
    expect(new Set(entries.map(({ labels }) => JSON.stringify(labels))).size).toBeLessThan(40)
    expect(new Set(entries.map(({ labels }) => labels.database))).toEqual(
      new Set([undefined, 'events', 'postgres', 'template0', 'template1']),
    )
  })

  it('counts the reports of sessions that write at the same time', async () => {
    const before = server.log().length
    const fail = async (rest: string) => {
      const sql = `SELECT 1 / 0 AS failed -- ${rest}`
      await withPostgres(server.administrator, async client => {
        for (let n = 0; n < 50; n++) await client.query(sql).catch(() => {})
      })
    }
    await Promise.all(Array.from({ length: 6 }, (_, n) => fail(`${n}`.repeat(500))))
    // A write to a pipe is one piece up to 4 KiB. A longer report may have another in its midst: none is lost, but its label may be.
    await Promise.all(Array.from({ length: 6 }, (_, n) => fail(`${n}`.repeat(20_000))))
    while (
      (server
        .log()
        .slice(before)
        .match(/LOG: {2}disconnection/g)?.length ?? 0) < 12
    )
      await sleep(20)
    const log = server.log().slice(before).trimEnd()
    const both = collect(log)
    const small = both.filter(({ line, labels }) => labels.event === 'error' && /failed -- (\d)\1{499}$/.test(line))
    expect(small).toHaveLength(300)
    expect(both.map(({ line }) => line).join('\n')).toBe(log)
    expect(both.filter(({ labels }) => labels.level === 'fatal')).toEqual([])
  })
})
