import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '../../service/access/api-key.ts'
import { removeLake, temporaryFolder } from './run-service.ts'
import { type ExternalServers, migrate, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'the keys of a lake on S3 and PostgreSQL', () => {
  let servers: ExternalServers
  beforeAll(async () => {
    servers = await startExternalServers()
  })
  afterAll(() => servers.remove())

  async function start(): Promise<Service> {
    const lakeDir = temporaryFolder()
    return startOn({ ...servers.environment, LAKE_DIR: lakeDir }, lakeDir)
  }

  async function statusOf(service: Service, key: string | undefined, method = 'GET', path = '/v1/me', body?: object): Promise<number> {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) }
    return (await fetch(service.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })).status
  }

  it('begin with one that migrate shows once', async () => {
    const { ADMIN_KEY: _, ...environment } = servers.environment
    const settings = { ...environment, CATALOG_URL: environment.CATALOG_URL?.replace('/lake?', '/first?') ?? '' }
    const [first, second] = [await migrate(settings, servers.postgres), await migrate(settings, servers.postgres)]
    const key = /shown this once: (\S+)/.exec(first.out)?.[1]
    expect(second.out).toBe('The lake is up to date.\n')
    const lakeDir = temporaryFolder()
    const service = await startOn({ ...settings, ADMIN_KEY: key ?? '', LAKE_DIR: lakeDir }, lakeDir)
    expect(await statusOf(service, key)).toBe(200)
    expect(service.output().out).toContain('Bearer $DUCKLAKE_KEY')
    await stopService(service)
    removeLake(lakeDir)
  })

  it('are changed with ADMIN_KEY, which ends the one before', async () => {
    const service = await start()
    const before = servers.environment.ADMIN_KEY
    const next = makeKey()
    expect(await statusOf(service, next)).toBe(401)
    expect((await migrate({ ...servers.environment, ADMIN_KEY: next }, servers.postgres)).code).toBe(0)
    expect(await statusOf(service, next)).toBe(200)
    await expect.poll(() => statusOf(service, before), { timeout: 7_000 }).toBe(401)

    const back = await migrate(servers.environment, servers.postgres)
    expect([back.code, back.error]).toEqual([
      1,
      'The key in ADMIN_KEY was revoked, has expired, or is no administrator’s: set another one.\n',
    ])
    const malformed = await migrate({ ...servers.environment, ADMIN_KEY: 'secret' }, servers.postgres)
    expect([malformed.code, malformed.error]).toEqual([1, expect.stringContaining('has not the form dl_')])
    expect(malformed.error).not.toContain('secret')
    servers = { ...servers, environment: { ...servers.environment, ADMIN_KEY: next } }
    await stopService(service)
  })

  it('that are revoked in one process of the service end in another within 5 s', async () => {
    const [one, other] = await Promise.all([start(), start()])
    const admin = servers.environment.ADMIN_KEY
    const response = await fetch(`${one.url}/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'short-lived', scopes: ['read'] }),
    })
    const { id, key }: { id: string; key: string } = JSON.parse(await response.text())
    expect(await statusOf(other, key)).toBe(200)
    expect(await statusOf(one, admin, 'DELETE', `/v1/keys/${id}`)).toBe(204)
    expect(await statusOf(one, key)).toBe(401)
    await new Promise(resolve => setTimeout(resolve, 5_000))
    expect(await statusOf(other, key)).toBe(401)
    await Promise.all([stopService(one), stopService(other)])
  })
})
