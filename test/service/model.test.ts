import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ForgetfulLake } from '../model/forgetful-lake.ts'
import { HttpLake } from '../model/http-lake.ts'
import { runModel } from '../model/run-model.ts'
import { temporaryFolder } from './run-service.ts'
import { type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a table that everybody changes while it is compacted', () => {
  let servers: ExternalServers
  let gateways: readonly Service[] = []
  beforeAll(async () => {
    servers = await startExternalServers()
    gateways = await Promise.all([startGateway(), startGateway()])
  })
  afterAll(async () => {
    for (const gateway of gateways) await stopService(gateway)
    await servers.remove()
  })

  it('keeps every change that the service has acknowledged', { timeout: 300_000 }, async () => {
    const lakes = await lakesOf('changed')
    const plan = { writers: 16, commands: 25, seed: 7, recreates: true }
    const differences = await runModel(writer => lakes[writer % 2] ?? fail(), plan)

    expect(differences).toEqual([])
    // Otherwise nothing was in anybody's way.
    expect(lakes[0]?.compactions).toBeGreaterThan(4)
  })

  // Which change it is that the plan makes first, seventh and ninth.
  it.each([
    ['an append', 1],
    ['an update', 7],
    ['a removal', 9],
  ])('would be seen to lose %s', { timeout: 120_000 }, async (_change, forgets) => {
    const [lake = fail()] = await lakesOf(`forgotten${forgets}`)
    const forgetful = new ForgetfulLake(lake, forgets)
    const differences = await runModel(() => forgetful, { writers: 1, commands: 20, seed: 7, recreates: false })
    expect(differences).not.toEqual([])
  })

  /** A new table, through each of the gateways. */
  async function lakesOf(table: string): Promise<HttpLake[]> {
    const [{ url, key } = fail()] = gateways
    const made = await fetch(`${url}/v1/statements`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sql' },
      body: `CREATE TABLE ${table} (writer INTEGER, id INTEGER, value INTEGER)`,
    })
    expect(made.status, await made.text()).toBe(200)
    return gateways.map(gateway => new HttpLake(gateway.url, key, table))
  }

  function startGateway(): Promise<Service> {
    const lakeDir = temporaryFolder()
    return startOn({ ...servers.environment, LAKE_DIR: lakeDir, RATE_LIMIT_PER_MINUTE: '1000000' }, lakeDir)
  }
})

function fail(): never {
  throw new Error('no such gateway')
}
