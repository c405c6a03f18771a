import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LakeConnection } from '../../service/catalog/lake-connection.ts'
import { DuckdbLake, openDuckdb } from '../model/duckdb-lake.ts'
import { HttpLake } from '../model/http-lake.ts'
import { runModel } from '../model/run-model.ts'
import { temporaryFolder } from './run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'a table that everybody changes while it is compacted', () => {
  let servers: ExternalServers
  beforeAll(async () => {
    servers = await startExternalServers()
  })
  afterAll(() => servers.remove())

  /** DuckDB alone, with one connection for each writer and one that compacts. */
  async function changedByDuckdb(table: string, inlinedRows: number): Promise<string[]> {
    const careless = withRootKey(connectionsOf(servers.environment).writer, servers)
    const writers = 3
    const open: DuckDBConnection[] = []
    try {
      for (let number = 0; number < writers; number += 1) open.push(await openDuckdb(careless, inlinedRows))
      const compactor = await openDuckdb(careless, inlinedRows)
      open.push(compactor)
      const name = `lake.main."${table}"`
      await open[0]?.run(`CREATE TABLE ${name} (writer INTEGER, id INTEGER, value INTEGER)`)
      if (inlinedRows > 0) await open[0]?.run(`CALL lake.set_option('data_inlining_row_limit', ${inlinedRows}, table_name => '${table}')`)
      const compact = new DuckdbLake(compactor, name)
      return await runModel(
        number => {
          const own = open[number]
          if (!own) throw new Error('no such writer')
          return Object.assign(new DuckdbLake(own, name), { compact: () => compact.compact() })
        },
        { writers, commands: 60, seed: 7, recreates: false },
      )
    } finally {
      for (const connection of open) connection.closeSync()
    }
  }

  it('keeps every change that the service has acknowledged', { timeout: 300_000 }, async () => {
    const gateways = await Promise.all([startGateway(), startGateway()])
    try {
      const [{ url, key }] = gateways
      const made = await fetch(`${url}/v1/statements`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sql' },
        body: 'CREATE TABLE changed (writer INTEGER, id INTEGER, value INTEGER)',
      })
      expect(made.status, await made.text()).toBe(200)
      const lakes = gateways.map(gateway => new HttpLake(gateway.url, key, 'changed'))
      const plan = { writers: 16, commands: 25, seed: 7, recreates: true }
      const differences = await runModel(writer => lakes[writer % 2] ?? fail(), plan)

      expect(differences).toEqual([])
      // Otherwise nothing was in anybody's way.
      expect(lakes[0]?.compactions).toBeGreaterThan(4)
    } finally {
      for (const gateway of gateways) await stopService(gateway)
    }
  })

  // DuckLake overlooks some conflicts, with inlining nearly all: the service has it off, and locks tables.
  it('loses changes of DuckDB by itself, with inlining on', { timeout: 240_000 }, async () => {
    const differences = await changedByDuckdb('inlined', 10)
    expect(differences).not.toEqual([])
  })

  function startGateway(): Promise<Service> {
    const lakeDir = temporaryFolder()
    return startOn({ ...servers.environment, LAKE_DIR: lakeDir, RATE_LIMIT_PER_MINUTE: '1000000' }, lakeDir)
  }
})

function fail(): never {
  throw new Error('no such gateway')
}

/** DuckDB removes the file of a commit that lost, which a writer's own key may not do. */
function withRootKey(connection: LakeConnection, { minio }: ExternalServers): LakeConnection {
  return { ...connection, storage: { kind: 's3', ...minio.storage, ...minio.root } }
}
