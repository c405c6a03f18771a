import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import { checkPublications } from '../../../service/doctor/check-publications.ts'
import { openStore } from '../../../service/files/file-store.ts'
import { findPublication } from '../../../service/store/publications.ts'
import { type OpenLake, openLake, openWriter } from '../open-lake.ts'
import { removeLake, temporaryFolder } from '../run-service.ts'
import { newPublication } from './new-publication.ts'
import { openPublisher } from './open-publisher.ts'

const wait = { timeoutMs: 10_000 }

describe('what a publisher knows', () => {
  const folder = temporaryFolder()
  let lake: OpenLake
  let open: Awaited<ReturnType<typeof openPublisher>>
  const logOf = (name: string) => join(folder, 'published', 'main', name, '_delta_log')
  const actionsOf = (name: string, version: number) =>
    readFileSync(join(logOf(name), `${`${version}`.padStart(20, '0')}.json`), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  beforeAll(async () => {
    lake = await openLake()
    const place = { connections: lake.connections, service: lake.service, folder, session: 'publisher of the tests' }
    open = await openPublisher(place, { checkpointEvery: 1 })
  })
  afterAll(async () => {
    await open.close()
    await lake.close()
    removeLake(folder)
  })

  it('of parts of columns that were widened is what it knows of columns', async () => {
    const id = await newPublication(lake, 'nested')
    await lake.writer.run('ALTER TABLE nested ADD COLUMN s STRUCT(a INTEGER, b STRUCT(c INTEGER))')
    for (const column of ['l INTEGER[]', 'm MAP(VARCHAR, INTEGER)']) await lake.writer.run(`ALTER TABLE nested ADD COLUMN ${column}`)
    await lake.writer.run(`INSERT INTO nested VALUES (1, 1, {a: 1, b: {c: 1}}, [1], MAP {'k': 1})`)
    await open.publisher.publish(id, wait)
    for (const change of ['id SET DATA TYPE BIGINT', 's SET DATA TYPE STRUCT(a INTEGER, b STRUCT(c BIGINT))', 'l SET DATA TYPE BIGINT[]'])
      await lake.writer.run(`ALTER TABLE nested ALTER COLUMN ${change}`)
    await lake.writer.run('ALTER TABLE nested ALTER COLUMN m SET DATA TYPE MAP(VARCHAR, BIGINT)')
    const faults = /The column id was of a narrower type .* column s\.b\.c was .* column l\.element was .* column m\.value was /
    await expect(open.publisher.publish(id, wait)).rejects.toThrow(faults)
    // The files do not change with the snapshots from before.
    const maintenance = await openWriter(lake.connections.maintenance)
    await maintenance.run(`CALL ducklake_expire_snapshots('lake', older_than => now() + INTERVAL 1 DAY)`)
    maintenance.closeSync()
    await expect(open.publisher.publish(id, wait)).rejects.toThrow(faults)
  })

  it('is in a checkpoint as it is in the log', async () => {
    const id = await newPublication(lake, 'alike')
    await lake.writer.run('ALTER TABLE alike ADD COLUMN gone INTEGER')
    await lake.writer.run('ALTER TABLE alike DROP COLUMN gone')
    await lake.writer.run('INSERT INTO alike VALUES (1, 1)')
    await open.publisher.publish(id, wait)
    await lake.writer.run('ALTER TABLE alike RENAME TO alike_now')
    await lake.writer.run('INSERT INTO alike_now VALUES (2, 2)')
    expect(await open.publisher.publish(id, wait)).toMatchObject({ version: 1 })
    const checkpoint = join(logOf('alike'), `${'1'.padStart(20, '0')}.checkpoint.parquet`)
    const read = await lake.writer.runAndReadAll(
      `SELECT metaData.configuration['delta.columnMapping.maxColumnId'], metaData.name, metaData.createdTime::VARCHAR
       FROM read_parquet('${checkpoint}') WHERE metaData IS NOT NULL`,
    )
    const { metaData } = actionsOf('alike', 0).find(action => action.metaData !== undefined)
    const { configuration, name, createdTime } = metaData
    expect(read.getRows()).toEqual([[configuration['delta.columnMapping.maxColumnId'], name, `${createdTime}`]])
    expect(Number(configuration['delta.columnMapping.maxColumnId'])).toBe(3)
  })

  it('of where the lake lies is compared with what the log names', async () => {
    const id = await newPublication(lake, 'elsewhere')
    await lake.writer.run('INSERT INTO elsewhere VALUES (1, 1)')
    await open.publisher.publish(id, wait)
    const moveTo = (path: string) =>
      withPostgres(lake.connections.maintenance.catalog, client =>
        client.query(`UPDATE public.ducklake_metadata SET value = $1 WHERE key = 'data_path' AND scope IS NULL`, [path]),
      )
    await moveTo('s3://restored/tables/')
    try {
      await expect(open.publisher.publish(id, wait)).rejects.toThrow(
        /The log names file:.*the table’s files lie at s3a:\/\/restored\/.*anew/,
      )
      expect((await findPublication(open.store.ask, id))?.error).toMatchObject({ code: 'conflict' })
    } finally {
      await moveTo(lake.dataPath)
    }
    expect(await open.publisher.publish(id, wait)).toMatchObject({ version: 0, changed: false })
  })

  it('is not what somebody else wrote: the doctor says so', async () => {
    const examined = async () => {
      const [files, logs] = await Promise.all([openStore(lake.dataPath), openStore(`${join(folder, 'published')}/`)])
      const found = await checkPublications({ service: lake.service, files, logs })
      return found.flatMap(({ state, what }) => (what.includes('main.above') ? [[state, what]] : []))
    }
    const id = await newPublication(lake, 'above')
    await lake.writer.run('INSERT INTO above VALUES (1, 1)')
    await open.publisher.publish(id, wait)
    expect(await examined()).toEqual([])
    const version = (number: number) => join(logOf('above'), `${`${number}`.padStart(20, '0')}.json`)
    copyFileSync(version(0), version(1))
    expect(await examined()).toEqual([['warning', expect.stringContaining('has 1 more than version 0, the newest that the lake knows')]])
  })
})
