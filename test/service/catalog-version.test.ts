import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../service/catalog/connect-postgres.ts'
import { EnginePool } from '../../service/engine-pool/engine-pool.ts'
import { removeLake, temporaryFolder } from './run-service.ts'
import { connectionsOf, type ExternalServers, migrate, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { type Service, startOn, stopService } from './start-service.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const sentence = "The catalog is of DuckLake's version 9.9, this program knows version 1.0: use the program that belongs to it."

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'while the catalog is of another version', () => {
  let servers: ExternalServers
  let service: Service
  const lakeDir = temporaryFolder()
  beforeAll(async () => {
    servers = await startExternalServers()
    service = await startOn({ ...servers.environment, LAKE_DIR: lakeDir }, lakeDir)
    await becomes('9.9')
  })
  afterAll(async () => {
    await stopService(service)
    await servers.remove()
  })

  const becomes = (version: string) =>
    withPostgres(connectionsOf(servers.environment).writer.catalog, client =>
      client.query(`UPDATE ducklake_metadata SET value = $1 WHERE key = 'version'`, [version]),
    )
  const ready = async () => (await fetch(`${service.url}/readyz`)).json()

  it('a process of before is not ready and says why, lives on, and answers whoever reaches it', async () => {
    await expect.poll(() => ready(), { timeout: 10_000 }).toMatchObject({ status: 503, code: 'catalogUnfit', detail: sentence })
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    const headers = { authorization: `Bearer ${service.key}`, 'content-type': 'application/sql' }
    const answer = await fetch(`${service.url}/v1/query`, { method: 'POST', headers, body: 'SELECT 42 AS n' })
    expect(await answer.json()).toMatchObject({ rows: [[42]] })
  })

  it('a new engine does not start, and who waits for one is told', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'spill'), { recursive: true })
    const pool = new EnginePool(
      {
        lake: connectionsOf(servers.environment).writer,
        engineClass: 'writer',
        session: 'ducklake-writer-of-tests',
        limits: { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 },
        spillDir: join(folder, 'spill'),
        folders: [folder],
      },
      {
        engines: 1,
        shortEngines: 0,
        spares: 0,
        queueMax: 8,
        perOwnerMax: 8,
        recycle: { statements: 9, ageMs: 3_600_000, rssMb: 2_048 },
      },
      { started() {}, ended() {}, failed() {} },
    )
    // Its deadline is far beyond that of the test: without a word from the pool it would wait for it.
    const waiting = pool.perform(
      { name: 'append', order: { table: { schema: 'main', name: 'rides' }, author: 'tests', members: [] } },
      { timeoutMs: 600_000 },
      { id: 'tests', limits: {} },
    )
    const refused = expect(waiting).rejects.toMatchObject({ code: 'catalogUnfit', detail: sentence })
    await pool.open()
    await refused
    await pool.close()
    removeLake(folder)
  })

  it.each(['9.9', '0.4'])('a migration leaves one of version %s as it is', async version => {
    await becomes(version)
    expect(await migrate(servers.environment, servers.postgres)).toEqual({
      code: 1,
      out: '',
      error: `${sentence.replace('9.9', version)}\n`,
    })
    await becomes('9.9')
  })

  it('and after it has come back, so does the process', async () => {
    await becomes('1.0')
    await expect.poll(() => ready(), { timeout: 10_000 }).toEqual({ status: 'ok' })
  })
})
