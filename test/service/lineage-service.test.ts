import { createServer } from 'node:http'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunEvent, runEvent } from '../../service/lineage/run-event.ts'
import { callService } from './call-service.ts'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
const taken: RunEvent[] = []
const sink = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const events: RunEvent[] = JSON.parse(text)
  taken.push(...events)
  response.writeHead(200).end()
})
beforeAll(async () => {
  const port = await freePort()
  await new Promise<void>(resolve => sink.listen(port, '127.0.0.1', resolve))
  service = await startService({ LINEAGE_URL: `http://127.0.0.1:${port}/lineage/batch`, LINEAGE_NAMESPACE: 'mine' })
})
afterAll(async () => {
  await stopService(service)
  sink.closeAllConnections()
  sink.close()
})

const call: ReturnType<typeof callService> = (...words) => callService(service)(...words)
const keyId = () => service.key.split('_')[1]

interface Flow {
  readonly edges: { readonly from: string; readonly to: string }[]
}
const flows = async (query: string) =>
  (await call('GET', `/v1/lineage?${query}`)).body.edges.map(({ from, to }: Flow['edges'][number]) =>
    `${from} > ${to}`.replaceAll('ducklake://mine:', ''),
  )

async function append(table: string, rows: object[], headers: Record<string, string> = {}, mode = 'create') {
  const response = await fetch(`${service.url}/v1/tables/main/${table}/rows?mode=${mode}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/x-ndjson', ...headers },
    body: rows.map(row => JSON.stringify(row)).join('\n'),
  })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

describe('a write', () => {
  it('is told of at the sink and in the graph, with the run that it belongs to', async () => {
    const parent = crypto.randomUUID()
    const { status, body } = await append('harbours', [{ name: 'north' }], {
      'openlineage-parent': `airflow://prod/dags%2Fdaily/${parent}`,
    })
    expect(status).toBe(201)
    const told = () => taken.filter(({ job }) => job.name === 'create.main.harbours')
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(2)
    for (const event of told()) expect([...Value.Errors(runEvent, event)]).toEqual([])
    const [start, complete] = told()
    expect([start?.eventType, complete?.eventType]).toEqual(['START', 'COMPLETE'])
    expect(start?.run.facets).toMatchObject({
      parent: { run: { runId: parent }, job: { namespace: 'airflow://prod', name: 'dags/daily' } },
    })
    expect(complete?.outputs).toMatchObject([
      {
        namespace: 'ducklake://mine',
        name: 'main.harbours',
        facets: { version: { datasetVersion: body.snapshotId } },
        outputFacets: { outputStatistics: { rowCount: 1 } },
      },
    ])
    expect(await flows('dataset=main.harbours')).toEqual(['job:create.main.harbours > dataset:main.harbours'])
    // By the id of the write, which is what the caller knows.
    const run = await call('GET', `/v1/lineage/runs/${body.writeId}`)
    expect(run.body).toMatchObject({ own: true, state: 'COMPLETE', snapshotId: body.snapshotId, keyId: keyId() })
    await expect
      .poll(async () =>
        (await call('GET', `/v1/lineage/runs/${body.writeId}`)).body.events.map(({ delivery }: { delivery: string }) => delivery),
      )
      .toEqual(['delivered', 'delivered'])
  })

  it('with a parent that is none is refused, and changes nothing', async () => {
    const { status, body } = await append('refused', [{ name: 'x' }], { 'openlineage-parent': 'daily' })
    expect([status, body.detail]).toEqual([400, expect.stringContaining('OpenLineage-Parent is not of the form')])
    expect((await call('GET', '/v1/tables/main/refused')).status).toBe(404)
  })
})

describe('a statement', () => {
  it('is told of with what it read, column by column, and is in the history of its key', async () => {
    const parent = { 'openlineage-parent': `airflow://prod/hourly/${crypto.randomUUID()}` }
    const sql = 'CREATE TABLE piers AS SELECT name AS harbour, count(*) AS n FROM harbours GROUP BY ALL'
    const { body } = await call('POST', '/v1/statements', { sql }, service.key, parent)
    const run = async () => (await call('GET', `/v1/lineage/runs/${body.writeId}`)).body
    await expect.poll(run, { timeout: 10_000 }).toMatchObject({ state: 'COMPLETE', snapshotId: body.snapshotId, keyId: keyId() })
    const { events } = await run()
    expect(events.map(({ type }: { type: string }) => type)).toEqual(['START', 'COMPLETE'])
    expect(events[1].event).toMatchObject({
      run: { facets: { parent: { job: { name: 'hourly' } } } },
      job: { facets: { sql: { query: sql } } },
      inputs: [{ name: 'main.harbours' }],
    })
    expect(await flows('dataset=main.piers&column=harbour&direction=up')).toEqual(['column:main.harbours:name > column:main.piers:harbour'])
    const history = async () => (await call('GET', '/v1/queries?kind=statement')).body.queries
    await expect
      .poll(history, { timeout: 5_000 })
      .toMatchObject([{ id: body.writeId, sql, state: 'succeeded', snapshotId: body.snapshotId }])
  })
})

describe('maintenance', () => {
  const eventsOf = async (job: string) => {
    const { events } = (await call('GET', `/v1/lineage/events?job=${job}`)).body
    return events.map(({ type }: { type: string }) => type)
  }

  it('is told of: table by table where it changes them, else once for the lake', async () => {
    await append('small', [{ n: 1 }])
    await append('small', [{ n: 2 }], {}, 'append')
    for (const task of ['compact', 'clean-up']) {
      const run = await call('POST', `/v1/maintenance/${task}`, {}, service.key, { prefer: 'wait=30' })
      expect(run.body.state).toBe('succeeded')
    }
    await call('POST', '/v1/maintenance/expire', { dryRun: true }, service.key, { prefer: 'wait=30' })
    for (const job of ['compact.main.small', 'clean-up']) {
      await expect.poll(() => eventsOf(job), { timeout: 5_000 }).toEqual(['COMPLETE', 'START'])
    }
    expect(await eventsOf('expire')).toEqual([])
    expect(await flows('dataset=main.small')).toContain('dataset:main.small > job:compact.main.small')
  })
})

describe('events of all runs', () => {
  it('come in pages, newest first, to administrators', async () => {
    const all = (await call('GET', '/v1/lineage/events')).body
    expect([all.events.length >= 4, all.next]).toEqual([true, null])
    const first = (await call('GET', '/v1/lineage/events?limit=3')).body
    const rest = (await call('GET', `/v1/lineage/events?cursor=${first.next}`)).body
    expect([...first.events, ...rest.events]).toEqual(all.events)
    const { events } = (await call('GET', '/v1/lineage/events?job=create.main.harbours')).body
    expect(events).toMatchObject([
      { type: 'COMPLETE', own: true, delivery: 'delivered', event: { job: { name: 'create.main.harbours' } } },
      { type: 'START', runId: events[0].runId },
    ])
    expect((await call('GET', '/v1/lineage/events?delivery=parked')).body).toEqual({ events: [], next: null })
    const { key } = (await call('POST', '/v1/keys', { name: 'reader', scopes: ['read'] })).body
    expect((await call('GET', '/v1/lineage/events', undefined, key)).status).toBe(403)
  })
})

describe('queries', () => {
  const query = (sql: string) => call('POST', '/v1/query', { sql })

  it('are not told of, until an administrator says so', async () => {
    await query('SELECT count(*) FROM rides')
    expect((await call('GET', '/v1/lineage?dataset=main.rides')).status).toBe(404)
    await call('PUT', '/v1/settings/lineage.reads', { value: true })
    const { snapshotId } = (await query('SELECT count(*) AS n FROM rides JOIN main.harbours ON true')).body
    await query('SELECT 1')
    await query('SELECT nothing FROM rides')
    await call('POST', '/v1/query?format=arrow', { sql: 'FROM rides LIMIT 1' })
    const background = await call('POST', '/v1/queries', { sql: 'FROM harbours' }, service.key, { prefer: 'wait=10' })
    expect(background.body.state).toBe('succeeded')
    await call('PUT', '/v1/settings/lineage.reads', { value: false })
    await query('SELECT count(*) AS late FROM rides')

    const told = () => taken.filter(({ job }) => job.name === `query.${keyId()}`)
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(10)
    expect(
      told()
        .filter(({ eventType }) => eventType === 'START')
        .map(({ inputs }) => inputs?.map(({ name }) => name)),
    ).toEqual([['main.harbours', 'main.rides'], [], [], ['main.rides'], ['main.harbours']])
    const [, first, , , , failed] = told()
    expect(first?.inputs?.[1]?.facets?.version).toMatchObject({ datasetVersion: snapshotId })
    expect(failed).toMatchObject({
      eventType: 'FAIL',
      run: { facets: { errorMessage: { message: expect.stringMatching(/^sqlInvalid: /) } } },
    })
    expect(JSON.stringify(told())).not.toContain('late')
    expect(await flows('dataset=main.rides&direction=down')).toEqual([`dataset:main.rides > job:query.${keyId()}`])
  })
})
