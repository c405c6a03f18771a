import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withPostgres } from '../../../service/catalog/connect-postgres.ts'
import { openStore } from '../../../service/files/file-store.ts'
import { DeltaLog } from '../../../service/publish/delta-log.ts'
import { PublicationLife } from '../../../service/publish/publication-life.ts'
import { Publications } from '../../../service/publish/publications.ts'
import { findPublication, listKeptFiles, listLiveFiles, listVersions } from '../../../service/store/publications.ts'
import { type OpenLake, openLake } from '../open-lake.ts'
import { deltalake } from '../python-package.ts'
import { removeLake, temporaryFolder } from '../run-service.ts'
import { newPublication } from './new-publication.ts'
import { openPublisher } from './open-publisher.ts'
import { readByTheRules } from './protocol-rules.ts'
import { openDelta } from './read-delta.ts'

const keepHours = 168
const wait = { timeoutMs: 10_000 }

describe('what nobody needs of a publication', () => {
  const folder = temporaryFolder()
  let lake: OpenLake
  let open: Awaited<ReturnType<typeof openPublisher>>
  const said: string[] = []
  const logOf = (name: string) => join(folder, 'published', 'main', name, '_delta_log')
  const look = () =>
    new PublicationLife(
      { ...open, place: () => openStore(join(folder, 'published')), keepHours: () => keepHours },
      { withdrawn: table => said.push(`${table} withdrawn`), failed: (table, error) => said.push(`${table}: ${error}`) },
    ).look()
  const inStore = (sql: string, id: string) => withPostgres(lake.service, client => client.query(sql, [id]))
  beforeAll(async () => {
    lake = await openLake()
    const place = { connections: lake.connections, service: lake.service, folder, session: 'publisher of the tests' }
    open = await openPublisher(place, { checkpointEvery: 2 })
  })
  afterAll(async () => {
    await open.close()
    await lake.close()
    removeLake(folder)
  })

  it('is all of it, some time after the table was dropped', async () => {
    const id = await newPublication(lake, 'dropped')
    await lake.writer.run('INSERT INTO dropped VALUES (1, 1)')
    await open.publisher.publish(id, wait)
    const [file] = await listLiveFiles(open.store.ask, id)
    await look()
    expect(await findPublication(open.store.ask, id)).toMatchObject({ error: null })
    await lake.writer.run('DROP TABLE dropped')
    await look()
    const error = { code: 'notFound', detail: expect.stringContaining('publish.keepHours') }
    expect(await findPublication(open.store.ask, id)).toMatchObject({ version: '0', error })
    expect(existsSync(logOf('dropped'))).toBe(true)
    expect(await listKeptFiles(open.store.ask, keepHours)).toContain(file?.dataFileId)
    expect(said).toEqual([])
    await inStore(`UPDATE app.publication SET gone_at = gone_at - interval '169 hours' WHERE id = $1`, id)
    await look()
    expect(said).toEqual(['main.dropped withdrawn'])
    expect(await findPublication(open.store.ask, id)).toBeUndefined()
    expect(existsSync(logOf('dropped')) && readdirSync(logOf('dropped')).length > 0).toBe(false)
    expect(await listKeptFiles(open.store.ask, keepHours)).not.toContain(file?.dataFileId)
  })

  it('are versions before a checkpoint that is old itself, and the others can be read', async () => {
    const missing = deltalake.install()
    const id = await newPublication(lake, 'trimmed')
    for (let round = 0; round < 6; round += 1) {
      await lake.writer.run(`INSERT INTO trimmed SELECT range, ${round} FROM range(10)`)
      await lake.writer.run(`DELETE FROM trimmed WHERE id = ${round}`)
      await open.publisher.publish(id, wait)
    }
    const rows = async () => (await inStore('SELECT FROM app.publication_file WHERE publication_id = $1', id)).rowCount
    const before = await rows()
    await look()
    expect([await rows(), (await listVersions(open.store.ask, id, 10)).length]).toEqual([before, 6])
    await inStore(
      `UPDATE app.publication_version SET published_at = published_at - interval '169 hours' WHERE publication_id = $1 AND version <= 3`,
      id,
    )
    await look()
    expect((await listVersions(open.store.ask, id, 10)).map(({ version }) => version)).toEqual(['5', '4', '3', '2'])
    expect(await rows()).toBeLessThan(before ?? 0)
    const version = (number: number, kind = 'json') => `${`${number}`.padStart(20, '0')}.${kind}`
    expect(readdirSync(logOf('trimmed')).sort()).toEqual(
      [2, 3, 4, 5]
        .flatMap(each => [version(each), ...(each % 2 === 0 ? [version(each, 'checkpoint.parquet')] : [])])
        .concat('_last_checkpoint')
        .sort(),
    )
    const log = new DeltaLog(await openStore(join(folder, 'published')), 'main/trimmed/')
    expect(await log.examine(5)).toEqual({ missing: undefined, above: 0 })
    await lake.writer.run('DELETE FROM trimmed WHERE id = 9')
    expect(await open.publisher.publish(id, wait)).toMatchObject({ version: 6 })
    if (missing && process.env.CI !== 'true') return console.log(`versions were not read: ${missing}`)
    const delta = openDelta(join(folder, 'published', 'main', 'trimmed/'))
    try {
      for (const { version: number, snapshotId } of await listVersions(open.store.ask, id, 10)) {
        const sql = 'SELECT count(*)::VARCHAR, sum(id)::VARCHAR FROM'
        const inLake = (await lake.writer.runAndReadAll(`${sql} trimmed AT (VERSION => ${snapshotId})`)).getRows()
        expect((await delta.ask(`${sql} t`, Number(number))).rows).toEqual(inLake)
      }
    } finally {
      delta.close()
    }
  })

  /** Its first version is gone, and its second is not. */
  async function halfRemoved(name: string): Promise<string> {
    const id = await newPublication(lake, name)
    for (const round of [0, 1]) {
      await lake.writer.run(`INSERT INTO ${name} VALUES (1, ${round})`)
      await open.publisher.publish(id, wait)
    }
    open.breakRemoval = true
    await expect(open.publisher.withdraw(id, wait)).rejects.toThrow('cannot be used')
    open.breakRemoval = false
    return id
  }

  it('is begun anew by who publishes the table, or removed by who removes it, if somebody ended while removing it', async () => {
    const publications = new Publications(open.store, open.publisher)
    await halfRemoved('anew')
    expect(await publications.publish({ schema: 'main', table: 'anew', by: 'test' }, wait)).toMatchObject({ version: 0, addedFiles: 2 })
    expect(readByTheRules(join(logOf('anew'), '..'))).toHaveLength(1)
    const id = await halfRemoved('removed')
    await publications.withdraw('main', 'removed', wait)
    expect(await findPublication(open.store.ask, id)).toBeUndefined()
    expect(existsSync(logOf('removed')) && readdirSync(logOf('removed')).length > 0).toBe(false)
  })

  it('goes also if whoever removes it ends in between', async () => {
    const id = await halfRemoved('halved')
    // Nothing is built upon what is left.
    expect(readdirSync(logOf('halved'))).toHaveLength(1)
    await lake.writer.run('INSERT INTO halved VALUES (1, 2)')
    await expect(open.publisher.publish(id, wait)).rejects.toThrow('being removed')
    expect(readdirSync(logOf('halved'))).toHaveLength(1)
    await look()
    expect(await findPublication(open.store.ask, id)).toBeUndefined()
    expect(existsSync(logOf('halved')) && readdirSync(logOf('halved')).length > 0).toBe(false)
  })
})
