import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attachSql, secretsSql, storageSettingsSql } from '../../service/catalog/attach-sql.ts'
import { loadExtensions } from '../../service/extensions/load-extensions.ts'
import { Gateway } from '../chaos/gateway.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a queue whose gateways and engines are killed while they drain it', () => {
  let servers: ExternalServers
  let gateways: readonly Gateway[]
  beforeAll(async () => {
    servers = await startExternalServers()
    const lake = await openWriter()
    await lake.run('CREATE TABLE lake.main.counted (sender INTEGER, number INTEGER)')
    lake.closeSync()
    gateways = [new Gateway(servers.environment), new Gateway(servers.environment)]
    await Promise.all(gateways.map(gateway => gateway.start()))
  })
  afterAll(async () => {
    for (const gateway of gateways) {
      await gateway.kill()
      gateway.removeFolder()
    }
    await servers.remove()
  })

  async function openWriter() {
    const { writer } = connectionsOf(servers.environment)
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect()
    await loadExtensions(duckdb, writer.extensionDir)
    await duckdb.run(secretsSql(writer) + storageSettingsSql(writer) + attachSql(writer, { readOnly: false, create: false }))
    return duckdb
  }

  /** @returns whether it was taken; nobody knows if there is no answer */
  async function send(rows: readonly object[]): Promise<'taken' | 'unknown'> {
    const url = gateways[Math.floor(Math.random() * gateways.length)]?.url
    if (url === undefined) return 'unknown'
    try {
      const response = await fetch(`${url}/v1/queue/counted`, {
        method: 'POST',
        headers: { authorization: `Bearer ${servers.environment.ADMIN_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify(rows),
        signal: AbortSignal.timeout(10_000),
      })
      await response.text()
      return response.status === 202 ? 'taken' : 'unknown'
    } catch {
      return 'unknown'
    }
  }

  it('has every row that it took in the table once', { timeout: 240_000 }, async () => {
    const taken = new Set<string>()
    let sending = true
    let killed = 0
    const senders = [0, 1, 2].map(async sender => {
      for (let number = 0; sending; number += 10) {
        const rows = Array.from({ length: 10 }, (_, index) => ({ sender, number: number + index }))
        if ((await send(rows)) === 'taken') for (const row of rows) taken.add(`${row.sender}/${row.number}`)
        await sleep(20)
      }
    })
    for (const until = performance.now() + 30_000; performance.now() < until; killed += 1) {
      await sleep(Math.random() * 1_500)
      const gateway = gateways[killed % 2]
      const [engine] = gateway?.writers() ?? []
      if (killed % 3 !== 0 && engine !== undefined) process.kill(engine, 'SIGKILL')
      else {
        await gateway?.kill()
        await gateway?.start()
      }
    }
    sending = false
    await Promise.all(senders)

    const lake = await openWriter()
    const rows = async () => (await lake.runAndReadAll('SELECT sender, number, count(*) FROM lake.main.counted GROUP BY ALL')).getRows()
    const missing = async () => {
      const there = new Set((await rows()).map(([sender, number]) => `${sender}/${number}`))
      return [...taken].filter(name => !there.has(name)).length
    }
    await expect.poll(missing, { timeout: 90_000, interval: 500 }).toBe(0)
    expect((await rows()).filter(([, , count]) => Number(count) !== 1)).toEqual([])
    lake.closeSync()
    // Otherwise nothing was tried.
    expect(killed).toBeGreaterThan(8)
    expect(taken.size).toBeGreaterThan(500)
  })
})
