import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { temporaryFolder } from './run-service.ts'
import { addExampleTable, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { freePort } from './servers/free-port.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type DisturbedPort, noToxiproxy, startToxiproxy, type Toxic, type Toxiproxy } from './servers/toxiproxy.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : (noMinio() ?? noToxiproxy())

const rows = 50

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a service whose connections are disturbed', () => {
  let servers: ExternalServers
  let toxiproxy: Toxiproxy
  let service: Service
  let metricsPort: number
  let port: { readonly postgres: DisturbedPort; readonly minio: DisturbedPort }
  beforeAll(async () => {
    ;[servers, toxiproxy] = await Promise.all([startExternalServers(), startToxiproxy()])
    await addExampleTable(servers.environment)
    const { host, port: postgresPort } = servers.postgres.administrator
    port = {
      postgres: await toxiproxy.open(`${host}:${postgresPort}`),
      minio: await toxiproxy.open(servers.minio.storage.endpoint),
    }
    const lakeDir = temporaryFolder()
    const through = {
      CATALOG_URL: `postgres://127.0.0.1:${port.postgres.port}/lake?sslmode=disable`,
      S3_ENDPOINT: `http://127.0.0.1:${port.minio.port}`,
    }
    metricsPort = await freePort()
    service = await startOn({ ...servers.environment, ...through, LAKE_DIR: lakeDir, METRICS_PORT: `${metricsPort}` }, lakeDir)
    expect((await ask('POST', '/v1/tables/main/appended/rows?mode=create', '{"append": 0, "row": 0}')).status).toBe(201)
  })
  afterAll(async () => {
    await stopService(service)
    await toxiproxy.close()
    await servers.remove()
  })

  let append = 0
  beforeEach(() => {
    append += 1
  })

  async function ask(method: string, path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/x-ndjson', ...headers },
      body,
    })
    const text = await response.text()
    const answer: { readonly code?: string; readonly detail?: string; readonly rowCount?: number } = JSON.parse(text)
    return { status: response.status, retryAfter: response.headers.get('retry-after'), ...answer }
  }

  const send = (options = '') => {
    const lines = Array.from({ length: rows }, (_, row) => JSON.stringify({ append, row }))
    const key = { 'idempotency-key': `append-${append}` }
    return ask('POST', `/v1/tables/main/appended/rows?mode=append${options}`, lines.join('\n'), key)
  }

  /** As often as a caller would. @returns how often it took */
  async function sendUntilThere(options = ''): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const { status, code, detail } = await send(options)
      if (status === 200) return tries
      expect([409, 500, 503, 504], `${status} ${code}`).toContain(status)
      if (tries === 200) throw new Error(`still ${status} ${code}: ${detail}`)
      await sleep(100)
    }
  }

  /** Once and whole, or not at all. */
  async function rowsThere(): Promise<number> {
    const { body } = await service.query({
      sql: `SELECT count(*)::INTEGER, count(DISTINCT row)::INTEGER FROM appended WHERE append = ${append}`,
    })
    const [[all, different] = []]: number[][] = JSON.parse(JSON.stringify(body.rows))
    expect(all).toBe(different)
    return all ?? Number.NaN
  }

  it.each<[string, 'postgres' | 'minio', Toxic]>([
    ['come late from PostgreSQL', 'postgres', { type: 'latency', attributes: { latency: 40, jitter: 20 } }],
    ['come late from MinIO', 'minio', { type: 'latency', attributes: { latency: 300, jitter: 100 } }],
    [
      'come in small pieces from PostgreSQL',
      'postgres',
      { type: 'slicer', attributes: { average_size: 64, size_variation: 32, delay: 50 } },
    ],
    ['come in small pieces from MinIO', 'minio', { type: 'slicer', attributes: { average_size: 64, size_variation: 32, delay: 50 } }],
    ['come slowly from MinIO', 'minio', { type: 'bandwidth', attributes: { rate: 20 } }],
  ])('goes on where bytes %s', async (_name, server, toxic) => {
    const added = await port[server].add(toxic)
    try {
      expect(await send()).toMatchObject({ status: 200, rowCount: rows })
    } finally {
      await port[server].remove(added)
    }
    expect(await rowsThere()).toBe(rows)
  })

  it.each<[string, 'postgres' | 'minio', string, Toxic]>([
    ['PostgreSQL resets them', 'postgres', 'catalogUnavailable', { type: 'reset_peer', attributes: { timeout: 0 } }],
    ['MinIO resets them', 'minio', 'storageUnavailable', { type: 'reset_peer', attributes: { timeout: 0 } }],
    ['PostgreSQL ends them after 200 bytes', 'postgres', 'catalogUnavailable', { type: 'limit_data', attributes: { bytes: 200 } }],
    ['MinIO ends them after 20 bytes', 'minio', 'storageUnavailable', { type: 'limit_data', attributes: { bytes: 20 } }],
  ])('says so where %s, and writes what is sent again once', async (_name, server, code, toxic) => {
    const added = await port[server].add(toxic)
    try {
      expect(await send()).toMatchObject({ status: 503, code, retryAfter: '1' })
    } finally {
      await port[server].remove(added)
    }
    const before = await rowsThere()
    expect([0, rows]).toContain(before)
    await sendUntilThere()
    expect(await rowsThere()).toBe(rows)
  })

  // Its connection may have ended within a transaction, and every statement after it would get that error.
  it('gives no other statement to an engine that lost the catalog', async () => {
    const ask = () => service.query({ sql: 'SELECT count(*) FROM appended' })
    const killed = async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      return Number(/ducklake_engine_ends_total\{how="killed"\} (\d+)/.exec(metrics)?.[1] ?? 0)
    }
    const before = await killed()
    await withPostgres({ ...servers.postgres.administrator, database: 'lake' }, async administrator => {
      await administrator.query('ALTER ROLE ducklake_reader NOLOGIN')
      try {
        await administrator.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'ducklake_reader'`)
        expect(await ask()).toMatchObject({ status: 503, body: { code: 'catalogUnavailable' } })
      } finally {
        await administrator.query('ALTER ROLE ducklake_reader LOGIN')
      }
    })
    expect(await killed()).toBeGreaterThan(before)
    await expect.poll(async () => (await ask()).status, { timeout: 30_000 }).toBe(200)
  })

  // Whoever is in the middle of a statement may learn of it from any of its queries, by the server's words or by none.
  it('refuses no read for good while PostgreSQL is started anew', { timeout: 120_000 }, async () => {
    const answers = new Set<string>()
    let over = false
    const callers = Array.from({ length: 8 }, async () => {
      while (!over) {
        const { status, body } = await service.query({ sql: 'SELECT count(*) FROM appended' })
        answers.add(`${status} ${body.code}`)
        if (status !== 200) await sleep(20)
      }
    })
    try {
      for (let restarts = 0; restarts < 8; restarts += 1) {
        await sleep(400 + Math.random() * 400)
        await servers.postgres.stop()
        await servers.postgres.start()
      }
    } finally {
      over = true
      await Promise.all(callers)
    }
    expect([...answers]).toContain('503 catalogUnavailable')
    expect([...answers].filter(answer => !/^(200|429|50[034]) /.test(answer))).toEqual([])
    await expect.poll(async () => (await service.query({ sql: 'SELECT 1' })).status, { timeout: 30_000 }).toBe(200)
  })

  it('ends a write at its deadline where MinIO swallows everything', async () => {
    const added = await port.minio.add({ type: 'timeout', attributes: { timeout: 0 } })
    try {
      expect(await send('&timeoutMs=1500')).toMatchObject({ status: 504, code: 'queryTimeout' })
    } finally {
      await port.minio.remove(added)
    }
    expect(await rowsThere()).toBe(0)
    await sendUntilThere('&timeoutMs=1500')
    expect(await rowsThere()).toBe(rows)
  })

  // DuckDB itself tries a request to MinIO again for half a second.
  it.each([
    ['postgres', 20, 100],
    ['minio', 6, 1_500],
  ] as const)('writes each append once while connections to %s are cut at random moments', async (server, appends, cutMs) => {
    let tries = 0
    for (let number = 0; number < appends; number += 1) {
      append += 1
      const cutting = sleep(Math.random() * 60).then(async () => {
        await port[server].cut()
        await sleep(cutMs * (0.5 + Math.random()))
        await port[server].restore()
      })
      tries += await sendUntilThere()
      await cutting
      expect(await rowsThere()).toBe(rows)
    }
    // Those may all have found their moment. This one cannot: the connections come back only after it was refused.
    append += 1
    await port[server].cut()
    expect(await send()).toMatchObject({ status: 503 })
    await port[server].restore()
    tries += 1 + (await sendUntilThere())
    expect(await rowsThere()).toBe(rows)
    expect(tries).toBeGreaterThan(appends + 1)
  })
})
