import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { processMemoryMb } from '../../service/engine/process-memory.ts'
import { EnginePool } from '../../service/engine-pool/engine-pool.ts'
import { openLake } from './open-lake.ts'
import { temporaryFolder } from './run-service.ts'
import { connectionsOf, type ExternalServers, startExternalServers } from './servers/external-lake.ts'
import { noMinio } from './servers/minio-programs.ts'
import { writeLake } from './write-lake.ts'

const skipped = process.env.CI === 'true' ? undefined : noMinio()

const owner = { id: 'tests', limits: {} }

/** What an engine of the environment dev has. */
const small = { memoryMb: 256, spillMb: 64, threads: 2 }

describe.skipIf(skipped)(skipped ? `skipped: ${skipped}` : 'an engine with little memory, and files in a bucket', () => {
  const folder = temporaryFolder()
  let servers: ExternalServers
  beforeAll(async () => {
    servers = await startExternalServers()
    const { writer } = connectionsOf(servers.environment)
    await writeLake(writer, 'CREATE TABLE parts (part INTEGER, n INTEGER)', 'ALTER TABLE parts SET PARTITIONED BY (part)')
  })
  afterAll(() => servers.remove())

  it('has room for the buffers of more files than one', async () => {
    const { writer } = connectionsOf(servers.environment)
    const lake = await attachLake(writer, { ...small, dataLimitMb: 768 }, folder, [], [], 'writer')
    await lake.run('INSERT INTO lake.main.parts SELECT range % 8, range FROM range(1_500_000)')
    const reader = await lake.runAndReadAll('SELECT count(*), count(DISTINCT part) FROM lake.main.parts')
    expect(reader.getRows()).toEqual([[1_500_000n, 8n]])
    lake.closeSync()
  })
})

it('an engine that keeps so much memory that its next statement may lack it is replaced', async () => {
  const lake = await openLake()
  const ends: string[] = []
  const pool = new EnginePool(
    {
      lake: lake.connections.reader,
      engineClass: 'reader',
      session: 'ducklake-reader-of-tests',
      limits: { ...small, memoryMb: 128, dataLimitMb: 768 },
      spillDir: temporaryFolder(),
      folders: [],
    },
    {
      engines: 1,
      shortEngines: 0,
      spares: 0,
      queueMax: 8,
      perOwnerMax: 8,
      recycle: { statements: 1_000, ageMs: 3_600_000, rssMb: 2_048 },
    },
    { started() {}, ended: how => ends.push(how), failed() {} },
  )
  await pool.open()
  const run = (sql: string) =>
    pool.run({ text: { sql, grants: 'trusted' }, output: { kind: 'json', maxRows: 1 }, timeoutMs: 20_000 }, owner)
  await run('SELECT 1 AS n')
  expect(ends).toEqual([])
  // DuckDB's own limit does not count what these take, and the allocator of each thread keeps it. The engine asks the system about itself
  // once a second at most.
  const grown = async () => {
    for (const length of [60_000_000, 120_000_000]) await run(`SELECT length(repeat('x', ${length})) AS n`)
    return ends
  }
  await expect.poll(grown, { timeout: 30_000 }).toContain('recycled')
  await pool.close()
  await lake.close()
})

it('memory that V8 sets aside for code is not a statement’s', () => {
  expect(processMemoryMb('VmPeak:\t 9 kB\nVmData:\t  786432 kB\n', 512)).toBe(256)
})
