import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extensions } from '../../constructs/versions.ts'
import { ServiceError } from '../../service/errors.ts'
import { Lineage } from '../../service/lineage/lineage.ts'
import { processingEngine } from '../../service/lineage/openlineage.ts'
import { type RunEvent, runEvent } from '../../service/lineage/run-event.ts'
import { type MigratedStore, startMigratedStore } from './servers/migrated-store.ts'

const namespace = 'ducklake://of-the-tests'
let server: MigratedStore
beforeAll(async () => {
  server = await startMigratedStore()
})
afterAll(() => server.remove())

let lost = 0
const failures: unknown[] = []
const newLineage = (send = false) =>
  new Lineage(server.store, async () => namespace, send, {
    lost: events => {
      lost += events
    },
    failed: error => failures.push(error),
  })

const eventsOf = async (runId: string) =>
  (await server.store.ask<{ event: RunEvent }>('SELECT event FROM app.lineage_event WHERE run_id = $1 ORDER BY id', [runId])).map(
    ({ event }) => event,
  )
const runOf = async (runId: string) => (await server.store.ask('SELECT * FROM app.lineage_run WHERE id = $1', [runId]))[0]

const append = {
  job: { kind: 'append' },
  inputs: [{ object: 'rides/2026-06.csv', bucket: 'raw' }],
  outputs: [{ schema: 'main', table: 'rides', columns: [{ name: 'ride_id', type: 'BIGINT' }] }],
  requestId: 'request-1',
  keyId: '0123456789ab',
}

describe('a run', () => {
  it('has a start and one end, as OpenLineage has them', async () => {
    const lineage = newLineage()
    const run = lineage.begin({
      ...append,
      sql: 'INSERT INTO rides …',
      parent: { namespace: 'airflow', name: 'daily', runId: crypto.randomUUID() },
    })
    run.complete({ snapshotId: '7', rowCount: 500, bytes: 4_096 })
    run.fail(new Error('too late'))
    await lineage.flush()

    const events = await eventsOf(run.id)
    expect(events.map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE'])
    for (const event of events) expect([...Value.Errors(runEvent, event)]).toEqual([])
    const [start, complete] = events
    expect(start).toMatchObject({
      job: {
        namespace,
        name: 'append.main.rides',
        facets: { jobType: { processingType: 'BATCH', integration: 'DUCKLAKE', jobType: 'APPEND' }, sql: { query: 'INSERT INTO rides …' } },
      },
      run: { runId: run.id, facets: { processing_engine: processingEngine, parent: { job: { namespace: 'airflow', name: 'daily' } } } },
      inputs: [{ namespace: 's3://raw', name: 'rides/2026-06.csv' }],
      outputs: [{ namespace, name: 'main.rides', facets: { schema: { fields: [{ name: 'ride_id', type: 'BIGINT' }] } } }],
    })
    expect(start?.run.facets).not.toHaveProperty('errorMessage')
    expect(complete?.outputs?.[0]).toMatchObject({
      facets: {
        version: {
          datasetVersion: '7',
          _schemaURL: 'https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet',
        },
      },
      outputFacets: { outputStatistics: { rowCount: 500, size: 4_096 } },
    })
    expect(await runOf(run.id)).toMatchObject({ state: 'COMPLETE', snapshot_id: '7', key_id: '0123456789ab', request_id: 'request-1' })
    expect((await runOf(run.id))?.ended_at).toEqual(new Date(complete?.eventTime ?? 0))
  })

  it('that failed says why, without what is not for callers', async () => {
    const lineage = newLineage()
    const [told, untold, cancelled] = [lineage.begin(append), lineage.begin(append), lineage.begin(append)]
    told.fail(new ServiceError('conflict', 'Another write changed the table.'))
    untold.fail(new Error('password=secret'))
    cancelled.fail(new ServiceError('queryCancelled', 'The statement was cancelled.'))
    await lineage.flush()
    expect((await eventsOf(told.id))[1]).toMatchObject({
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: 'conflict: Another write changed the table.' } } },
    })
    expect(JSON.stringify(await eventsOf(untold.id))).not.toContain('secret')
    expect((await eventsOf(cancelled.id))[1]?.eventType).toBe('ABORT')
  })

  it('is kept while PostgreSQL is away, in its order', async () => {
    const lineage = newLineage()
    await server.postgres.stop()
    const run = lineage.begin(append)
    run.complete()
    await lineage.flush()
    expect(lineage.buffered).toBe(2)
    expect(failures.length).toBeGreaterThan(0)
    await server.postgres.start()
    await expect.poll(() => lineage.flush().then(() => lineage.buffered)).toBe(0)
    expect((await eventsOf(run.id)).map(({ eventType }) => eventType)).toEqual(['START', 'COMPLETE'])
  })

  it('is lost as a whole, and counted, when too many wait', async () => {
    lost = 0
    let release = (_: string) => {}
    const lineage = new Lineage(
      server.store,
      () =>
        new Promise(resolve => {
          release = resolve
        }),
      false,
      {
        lost: events => {
          lost += events
        },
        failed: error => failures.push(error),
      },
    )
    const first = lineage.begin(append)
    const runs = Array.from({ length: 9_999 }, () => lineage.begin(append))
    const tooMany = lineage.begin(append)
    tooMany.complete()
    expect(lost).toBe(2)
    // Those that have begun still end.
    first.complete()
    for (const run of runs) run.abort()
    await expect
      .poll(
        () => {
          release(namespace)
          return lineage.buffered
        },
        { timeout: 60_000 },
      )
      .toBe(0)
    expect((await eventsOf(first.id)).length).toBe(2)
    expect(await eventsOf(tooMany.id)).toEqual([])
    expect(lost).toBe(2)
  })

  it('with a name or text that PostgreSQL cannot hold harms no other', async () => {
    const lineage = newLineage()
    const odd = lineage.begin({ ...append, sql: "SELECT '\0\ud800'", outputs: [{ schema: 'a.b', table: 'c"d' }] })
    const wrong = lineage.begin({ ...append, writeId: 'no uuid' })
    const right = lineage.begin(append)
    for (const run of [odd, wrong, right]) run.complete()
    lost = 0
    await lineage.flush()
    expect((await eventsOf(odd.id))[0]?.outputs?.[0]?.name).toBe('"a.b"."c""d"')
    expect((await eventsOf(right.id)).length).toBe(2)
    expect(lost).toBe(2)
  })
})

it('the engine that events name is the one that is installed', () => {
  expect(processingEngine.version).toBe(extensions.ducklake.version)
})
