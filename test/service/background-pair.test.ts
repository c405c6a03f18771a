import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BucketResults } from '../../service/background/bucket-results.ts'
import { sweepResults } from '../../service/background/sweep-results.ts'
import { readConfig } from '../../service/config.ts'
import { serviceLogin } from '../../service/external/external-connections.ts'
import { connectS3 } from '../../service/storage/connect-s3.ts'
import { Store } from '../../service/store/store.ts'
import { temporaryFolder } from './run-service.ts'
import { addExampleTable, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

/** Runs until somebody ends it. */
const endless = 'SELECT sum(hash(range)) FROM range(30000000000)'

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'two processes on one lake', () => {
  let servers: ExternalServers
  let one: Service
  let other: Service
  beforeAll(async () => {
    servers = await startExternalServers()
    await addExampleTable(servers.environment)
    ;[one, other] = await Promise.all([start(), start()])
  })
  afterAll(async () => {
    for (const service of [one, other]) if (service) await stopService(service)
    await servers?.remove()
  })

  async function start(): Promise<Service> {
    const lakeDir = temporaryFolder()
    return startOn({ ...servers.environment, LAKE_DIR: lakeDir }, lakeDir)
  }

  async function call(service: Service, method: string, path: string, { body, waitS = 0 }: { body?: object; waitS?: number } = {}) {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${service.key}`, prefer: `wait=${waitS}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : undefined }
  }

  const submit = async (service: Service, sql: string, waitS = 0) =>
    (await call(service, 'POST', '/v1/queries', { body: { sql }, waitS })).body

  it('know the state and the result of each other’s queries', async () => {
    const { id } = await submit(one, 'SELECT count(*) FROM rides')
    expect((await call(other, 'GET', `/v1/queries/${id}`, { waitS: 20 })).body.state).toBe('succeeded')
    for (const service of [one, other]) {
      expect((await call(service, 'GET', `/v1/queries/${id}/result`)).body.rows).toEqual([['500']])
      // It lies in the bucket, and on no disk.
      await expect.poll(() => readdirSync(join(service.lakeDir, 'results'))).toEqual([])
    }
    expect((await call(other, 'DELETE', `/v1/queries/${id}`)).status).toBe(204)
    expect((await call(one, 'GET', `/v1/queries/${id}/result`)).status).toBe(410)
  })

  it('cancel each other’s queries', async () => {
    const { id } = await submit(one, endless)
    await expect.poll(async () => (await call(other, 'GET', `/v1/queries/${id}`)).body.state).toBe('running')
    expect((await call(other, 'DELETE', `/v1/queries/${id}`)).status).toBe(204)
    expect((await call(other, 'GET', `/v1/queries/${id}`, { waitS: 10 })).body).toMatchObject({
      state: 'cancelled',
      error: { code: 'queryCancelled' },
    })
  })

  it('list and cancel what runs for its request at the other', async () => {
    const answer = one.query(endless)
    const listed = async () => (await call(other, 'GET', '/v1/queries?state=running&key=*')).body.queries
    await expect.poll(listed, { timeout: 30_000 }).toMatchObject([{ background: false, sql: endless, engine: expect.any(String) }])
    const [{ id }] = await listed()
    expect((await call(other, 'DELETE', `/v1/queries/${id}`)).status).toBe(204)
    expect(await answer).toMatchObject({ status: 499, body: { code: 'queryCancelled' } })
    await expect.poll(async () => (await call(other, 'GET', `/v1/queries/${id}`)).body.state, { timeout: 30_000 }).toBe('cancelled')
  })

  it('remove results whose time is over', async () => {
    const { id } = await submit(one, 'SELECT 1', 20)
    const { externalLake } = readConfig({ ...servers.environment }, [])
    if (externalLake?.results.kind !== 's3') throw new Error('the lake of the tests keeps results in a bucket')
    const store = new Store(serviceLogin(externalLake))
    const results = new BucketResults(temporaryFolder(), connectS3(externalLake.results), externalLake.results)
    await results.open(id)
    await store.ask(`UPDATE app.query SET result_until = now() WHERE id = $1`, [id])
    expect(await call(one, 'GET', `/v1/queries/${id}/result`)).toMatchObject({ status: 410, body: { code: 'gone' } })
    await sweepResults(store, results, { keepHours: 24, historyDays: 30 })
    await expect(results.open(id)).rejects.toMatchObject({ code: 'notFound' })
    expect((await call(one, 'GET', `/v1/queries/${id}`)).body).toMatchObject({ state: 'succeeded', result: null })
    await store.close()
  })

  it('end the queries of one that stops or is killed', async () => {
    const stopped = await submit(one, endless)
    await expect.poll(async () => (await call(other, 'GET', `/v1/queries/${stopped.id}`)).body.state).toBe('running')
    one.child.kill('SIGTERM')
    expect(await one.exit).toBe(0)
    expect((await call(other, 'GET', `/v1/queries/${stopped.id}`)).body).toMatchObject({ state: 'failed', error: { code: 'engineLost' } })

    const third = await start()
    const killed = await submit(third, endless)
    const direct = third.query(`${endless} WHERE 'direct' <> ''`).catch(() => {})
    const ofRequest = async () => (await call(other, 'GET', '/v1/queries?search=direct')).body.queries
    await expect.poll(ofRequest, { timeout: 30_000 }).toMatchObject([{ state: 'running' }])
    await expect.poll(async () => (await call(other, 'GET', `/v1/queries/${killed.id}`)).body.state).toBe('running')
    third.child.kill('SIGKILL')
    const lost = await call(other, 'GET', `/v1/queries/${killed.id}`, { waitS: 40 })
    expect(lost.body).toMatchObject({
      state: 'failed',
      error: { code: 'engineLost', detail: 'The process of the service that worked on it has ended: send it again.' },
    })
    await direct
    await expect.poll(ofRequest, { timeout: 30_000 }).toMatchObject([{ state: 'failed', error: { code: 'engineLost' } }])
  })
})
