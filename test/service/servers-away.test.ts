import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from './run-service.ts'
import { addExampleTable, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

/** How soon the service is to work again. */
const recoveryMs = 5_000

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a service whose servers are away', () => {
  let servers: ExternalServers
  beforeAll(async () => {
    servers = await startExternalServers()
    await addExampleTable(servers.environment)
  })
  afterAll(() => servers.remove())

  const start = () => {
    const lakeDir = temporaryFolder()
    return startOn({ LAKE_DIR: lakeDir, ...servers.environment }, lakeDir)
  }
  const readiness = async ({ url }: Service) => {
    const response = await fetch(`${url}/readyz`)
    return { ...JSON.parse(await response.text()), status: response.status }
  }
  /** Waits until the service is ready and answers. @returns after how many milliseconds. */
  const recovered = async (service: Service) => {
    const started = performance.now()
    while ((await readiness(service)).status !== 200) {
      if (performance.now() - started > 4 * recoveryMs) break
      await sleep(50)
    }
    expect((await service.query('SELECT sum(passengers) > 0 FROM rides')).body).toMatchObject({ rows: [[true]] })
    return performance.now() - started
  }

  it.each([
    ['postgres', 'catalogUnavailable', "The catalog's PostgreSQL cannot be used as ducklake_reader: connect ECONNREFUSED"],
    ['minio', 'storageUnavailable', 'The object store does not answer: connect ECONNREFUSED'],
  ] as const)('starts without %s, says that it is away, and works once it is back', async (name, code, sentence) => {
    await servers[name].kill()
    const service = await start()
    try {
      expect(await readiness(service)).toMatchObject({ status: 503, code, detail: expect.stringContaining(sentence) })
      expect((await fetch(`${service.url}/livez`)).status).toBe(200)
      // Long enough for the tries in the background to be far apart.
      await sleep(6_000)
      await servers[name].start()
      expect(await recovered(service)).toBeLessThan(recoveryMs)
    } finally {
      await servers[name].start()
      await stopService(service)
    }
  })

  it.each([
    ['postgres', 'catalogUnavailable'],
    ['minio', 'storageUnavailable'],
  ] as const)('loses %s while it runs, says so to every statement, and needs no restart', async (name, code) => {
    const service = await start()
    try {
      await servers[name].kill()
      const { status, headers, body } = await service.query('SELECT sum(passengers) FROM rides')
      expect({ status, code: body.code, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, code, retryAfter: '1' })
      expect(await readiness(service)).toMatchObject({ status: 503, code })
      const verbose = await fetch(`${service.url}/readyz?verbose`)
      expect([verbose.status, verbose.headers.get('retry-after')]).toEqual([503, '1'])
      const { checks }: { checks: { name: string; ok: boolean; code?: string }[] } = JSON.parse(await verbose.text())
      const lost = name === 'postgres' ? 'catalog' : 'storage'
      expect(checks.find(check => check.name === lost)).toMatchObject({ ok: false, code })
      // The writers may still be starting.
      if (name === 'minio')
        expect(checks.filter(check => !check.ok && check.name !== 'writers').map(check => check.name)).toEqual(['storage'])
      await servers[name].start()
      expect(await recovered(service)).toBeLessThan(recoveryMs)
    } finally {
      await servers[name].start()
      await stopService(service)
    }
  })
})
