import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ LINEAGE_NAMESPACE: 'of-the-tests' })
})
afterAll(() => stopService(service))

const call: ReturnType<typeof callService> = (...words) => callService(service)(...words)
const lake = 'ducklake://of-the-tests'
const table = (name: string, facets: object = {}) => ({ namespace: lake, name, facets })
const object = (name: string) => ({ namespace: 's3://raw', name })
const marks = { _producer: 'https://example.org/etl', _schemaURL: 'https://example.org/facet.json' }

/** An event of somebody else's run. */
function event(
  name: string,
  inputs: object[],
  outputs: object[],
  more: { type?: string; runId?: string; at?: string; facets?: object } = {},
) {
  return {
    eventType: more.type ?? 'COMPLETE',
    eventTime: more.at ?? '2026-06-01T06:00:00.123456789Z',
    producer: 'https://example.org/etl',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: more.runId ?? crypto.randomUUID(), facets: more.facets ?? {} },
    job: { namespace: 'etl', name },
    inputs,
    outputs,
  }
}

async function send(...events: object[]) {
  const sent = await call('POST', '/v1/lineage', events)
  expect([sent.status, sent.body]).toEqual([200, { received: events.length, stored: events.length }])
}

interface Graph {
  readonly nodes: { readonly kind: string; readonly name: string; readonly column?: string }[]
  readonly edges: { readonly from: string; readonly to: string }[]
}

/** Names only. */
function flows({ edges }: Graph): string[] {
  const short = (id: string) => id.replace(/^(dataset:(ducklake|s3):\/\/[\w-]+|job:etl|column:ducklake:\/\/[\w-]+):/, '')
  return edges.map(({ from, to }) => `${short(from)} > ${short(to)}`).toSorted()
}

const graphOf = async (query: string, key?: string) => call('GET', `/v1/lineage?${query}`, undefined, key)

async function makeKey(body: object): Promise<string> {
  return (await call('POST', '/v1/keys', { name: 'of a test', scopes: ['read'], ...body })).body.key
}

describe('a graph', () => {
  beforeAll(async () => {
    await send(
      event('load', [object('rides.csv')], [table('main.rides')]),
      event('summarize', [table('main.rides'), table('main.secret')], [table('main.summary')]),
      event('compact', [table('main.rides')], [table('main.rides')]),
      event('report', [table('main.summary')], [table('open.report'), table('main.archive')]),
    )
  })

  it('goes up and down, as far as it is asked for', async () => {
    expect(flows((await graphOf('dataset=main.summary&direction=up&depth=1')).body)).toEqual([
      'main.rides > summarize',
      'main.secret > summarize',
      'summarize > main.summary',
    ])
    expect(flows((await graphOf('dataset=main.summary&direction=up')).body)).toEqual([
      'compact > main.rides',
      'load > main.rides',
      'main.rides > compact',
      'main.rides > summarize',
      'main.secret > summarize',
      'rides.csv > load',
      'summarize > main.summary',
    ])
    expect(flows((await graphOf('dataset=rides.csv&namespace=s3://raw&direction=down&depth=2')).body)).toEqual([
      'compact > main.rides',
      'load > main.rides',
      'main.rides > compact',
      'main.rides > summarize',
      'rides.csv > load',
      'summarize > main.summary',
    ])
    const both = await graphOf('dataset=MAIN.Summary')
    expect(both.body).toMatchObject({ root: `dataset:${lake}:main.summary`, truncated: false })
    expect(flows(both.body)).toContain('report > open.report')
    expect(both.body.nodes).toContainEqual({
      id: 'job:etl:report',
      kind: 'job',
      namespace: 'etl',
      name: 'report',
      type: null,
      lastRun: {
        id: expect.any(String),
        state: 'COMPLETE',
        startedAt: expect.stringMatching(/^2026-06-01T06:00:00/),
        endedAt: expect.any(String),
        snapshotId: null,
      },
    })
  })

  it('has for a key with grants what it may read, and no way over the rest', async () => {
    const key = await makeKey({
      grants: [
        { schema: 'main', table: 'rides' },
        { schema: 'main', table: 'summary' },
      ],
    })
    const seen = await graphOf('dataset=main.summary', key)
    // `report` wrote a table that the key may not read; `secret` and the object are nothing it may know of.
    expect(flows(seen.body)).toEqual([
      'compact > main.rides',
      'load > main.rides',
      'main.rides > compact',
      'main.rides > summarize',
      'summarize > main.summary',
    ])
    for (const hidden of ['secret', 'report', 'archive', 'rides.csv']) expect(seen.text).not.toContain(hidden)
    const [none, unknown] = [await graphOf('dataset=main.secret', key), await graphOf('dataset=main.nothing', key)]
    expect([none.status, none.body.detail.replace('secret', 'nothing')]).toEqual([404, unknown.body.detail])
    const middle = await makeKey({ grants: [{ schema: 'main', table: 'rides' }, { schema: 'open' }] })
    expect(flows((await graphOf('dataset=main.rides', middle)).body)).toEqual([
      'compact > main.rides',
      'load > main.rides',
      'main.rides > compact',
    ])
  })

  it('is drawn as Mermaid, whatever the names are', async () => {
    await send(event('odd "|</script>', [table('"a.b"."c""d"')], [table('main.odd')]))
    const drawn = await graphOf('dataset=main.odd&format=mermaid')
    expect(drawn.headers.get('content-type')).toBe('text/vnd.mermaid; charset=utf-8')
    expect(drawn.text).toBe(`flowchart LR
  n0[("#34;a.b#34;.#34;c#34;#34;d#34;")]
  n1[("main.odd")]:::asked
  n2["odd #34;#124;#60;/script#62;"]
  n0 --> n2
  n2 --> n1
  classDef asked stroke-width:3px
`)
    const accepted = await call('GET', '/v1/lineage?dataset=main.odd', undefined, service.key, { accept: 'text/vnd.mermaid' })
    expect(accepted.text).toBe(drawn.text)
    expect((await call('GET', '/v1/lineage?dataset=main.odd', undefined, service.key, { accept: 'image/png' })).status).toBe(406)
  })

  it('of a column shows which columns it was made of, and in which job', async () => {
    const from = (name: string, field: string) => ({ namespace: lake, name, field, transformations: [{ type: 'DIRECT' }] })
    const lineage = (fields: Record<string, object[]>) => ({
      columnLineage: { ...marks, fields: Object.fromEntries(Object.entries(fields).map(([name, inputFields]) => [name, { inputFields }])) },
    })
    await send(
      event(
        'a',
        [table('c.one')],
        [table('c.two', lineage({ total: [from('c.one', 'price'), from('c.one', 'count')], other: [from('c.one', 'other')] }))],
      ),
      event('b', [table('c.two')], [table('c.three', lineage({ sum: [from('c.two', 'Total')], total: [from('c.three', 'total')] }))]),
    )
    const up = await graphOf('dataset=c.three&column=SUM&direction=up')
    expect(up.body.edges.map(({ job }: { job: string }) => job).toSorted()).toEqual(['a', 'a', 'b'])
    expect(up.body.nodes.map(({ name, column }: Graph['nodes'][number]) => `${name} ${column}`.toLowerCase()).toSorted()).toEqual([
      'c.one count',
      'c.one price',
      'c.three sum',
      'c.two total',
    ])
    expect((await graphOf('dataset=c.one&column=other&direction=up')).body.edges).toEqual([])
    const key = await makeKey({
      grants: [
        { schema: 'c', table: 'three' },
        { schema: 'c', table: 'two' },
      ],
    })
    const limited = await graphOf('dataset=c.three&column=sum', key)
    expect(limited.body.nodes.length).toBe(2)
    expect(limited.text).not.toContain('price')
  })

  it('joins what two programs call by different names', async () => {
    const place = { namespace: 's3://lake', name: 'main/joined' }
    await send(event('spark', [place], [table('main.by_spark')]))
    const symlinks = { ...marks, identifiers: [{ ...place, type: 'LOCATION' }] }
    await send(event('fill', [object('x.csv')], [table('main.joined', { symlinks })]))
    await send(event('spark again', [place], [table('main.later')]))
    expect(flows((await graphOf('dataset=main.joined')).body)).toEqual([
      'fill > main.joined',
      'main.joined > spark',
      'main.joined > spark again',
      'spark > main.by_spark',
      'spark again > main.later',
      'x.csv > fill',
    ])
    // Nobody gives a table of the lake another name.
    await send(
      event(
        'thief',
        [],
        [{ ...object('mine'), facets: { symlinks: { ...marks, identifiers: [{ ...table('main.rides'), type: 'TABLE' }] } } }],
      ),
    )
    expect(flows((await graphOf('dataset=main.rides&direction=down&depth=1')).body)).toContain('main.rides > summarize')
  })

  it('that is too large says so, and is answered in time', async () => {
    const events = Array.from({ length: 1_000 }, (_, index) =>
      event(`fan ${index}`, [table('big.hub')], [table(`big.t${index}`), table(`big.u${index}`)]),
    )
    for (let at = 0; at < events.length; at += 200) await send(...events.slice(at, at + 200))
    // Each of the many is made of each other, which is a million ways.
    await send(event('all', events.flatMap(({ outputs }) => outputs).slice(0, 900), [table('big.hub')]))
    const graph = await graphOf('dataset=big.hub&depth=20')
    expect([graph.status, graph.body.truncated]).toEqual([200, true])
    expect(graph.body.nodes.filter(({ kind }: { kind: string }) => kind === 'dataset').length).toBeLessThanOrEqual(2_000)
  })
})

describe('events of others', () => {
  it('are taken alone or as a list, once, with facets that nobody here knows', async () => {
    const runId = crypto.randomUUID()
    const start = event('nightly', [table('main.rides')], [], { runId, type: 'START', facets: { mine: { ...marks, depth: { any: [1] } } } })
    expect((await call('POST', '/v1/lineage', start)).body).toEqual({ received: 1, stored: 1 })
    const complete = { ...start, eventType: 'COMPLETE', eventTime: '2026-06-01T07:00:00Z' }
    expect((await call('POST', '/v1/lineage', [start, complete, complete])).body).toEqual({ received: 3, stored: 1 })
    const run = await call('GET', `/v1/lineage/runs/${runId}`)
    expect(run.body).toMatchObject({
      own: false,
      state: 'COMPLETE',
      endedAt: '2026-06-01T07:00:00.000Z',
      job: { namespace: 'etl', name: 'nightly' },
    })
    expect(run.body.events.map(({ event: kept }: { event: object }) => kept)).toEqual([start, complete])
    expect((await call('GET', `/v1/lineage/runs/${runId}`, undefined, await makeKey({}))).status).toBe(404)
  })

  it.each([
    [{ run: {} }, "body/1/run must have required property 'runId'"],
    [{ run: { runId: 'urn:uuid:0af76519-16cd-43dd-8448-eb211c80319c' } }, 'body/1/run/runId must match pattern'],
    [{ eventTime: 'yesterday' }, 'body/1/eventTime must match format "date-time"'],
    [{ eventTime: '0000-01-01T00:00:00Z' }, 'body/1/eventTime is 0000-01-01T00:00:00Z: use a time from 1970 to 9999.'],
    [{ eventTime: '2026-06-01T07:00:00-19:23' }, 'body/1/eventTime is 2026-06-01T07:00:00-19:23: use an offset within 15:59 hours, or Z.'],
    [{ eventType: 'END' }, 'body/1/eventType must be equal to one of the allowed values'],
    [{ job: { namespace: lake, name: 'append.main.rides' } }, 'body/1/job/namespace is the one of this lake'],
    [{ outputs: [{ namespace: 'x', name: 'a\0' }] }, 'body/1/outputs/0/name must match pattern'],
    [{ run: { runId: crypto.randomUUID(), facets: { mine: {} } } }, "body/1/run/facets/mine must have required property '_producer'"],
  ])('with %j are refused with the place, and none of the list is stored', async (change, detail) => {
    const runId = crypto.randomUUID()
    const events = [event('first', [], [], { runId }), { ...event('second', [], []), ...change }]
    expect(await call('POST', '/v1/lineage', events)).toMatchObject({
      status: 400,
      body: { code: 'invalidRequest', detail: expect.stringContaining(detail) },
    })
    expect((await call('GET', `/v1/lineage/runs/${runId}`)).status).toBe(404)
  })

  it('nested too deep are refused', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`
    const text = JSON.stringify(event('deep', [], [], { facets: { mine: { ...marks, deep: 'HERE' } } })).replace('"HERE"', deep)
    const response = await fetch(`${service.url}/v1/lineage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: text,
    })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('is nested deeper than 100 levels')])
  })

  it('need a key that may write, and name no table that it may not read', async () => {
    expect((await call('POST', '/v1/lineage', event('x', [], []), await makeKey({}))).status).toBe(403)
    const key = await makeKey({ scopes: ['write'], grants: [{ schema: 'main', table: 'rides' }] })
    expect((await call('POST', '/v1/lineage', event('x', [], [table('main.rides')]), key)).status).toBe(200)
    const refused = await call('POST', '/v1/lineage', event('x', [], [table('main.other')]), key)
    expect([refused.status, refused.body.detail]).toEqual([403, 'body/0 names main.other, which is no table that this key may read.'])
  })
})
