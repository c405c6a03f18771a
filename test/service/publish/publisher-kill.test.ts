import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listVersions } from '../../../service/store/publications.ts'
import { Store } from '../../../service/store/store.ts'
import { fuzzSeed } from '../../fuzz-seed.ts'
import { type OpenLake, openLake, openWriter } from '../open-lake.ts'
import { deltalake } from '../python-package.ts'
import { removeLake, temporaryFolder } from '../run-service.ts'
import { newPublication } from './new-publication.ts'
import { openPublisher, type PublisherPlace } from './open-publisher.ts'
import { readByTheRules } from './protocol-rules.ts'
import { openDelta } from './read-delta.ts'

/** `npm run chaos:publisher` has a hundred. */
const kills = Number(process.env.PUBLISHER_KILLS ?? 6)

/** Longest that a publisher lives after its first version. */
const lifeMs = 250

describe('a publisher that is killed', () => {
  const folder = temporaryFolder()
  let lake: OpenLake
  let place: PublisherPlace
  beforeAll(async () => {
    lake = await openLake()
    place = { connections: lake.connections, service: lake.service, folder, session: 'publisher of the tests' }
  })
  afterAll(async () => {
    await lake.close()
    removeLake(folder)
  })

  const wait = { timeoutMs: 10_000 }

  /** Writes a version and ends before it has noted it. */
  async function publishAndForget(id: string): Promise<void> {
    class Forgetful extends Store {
      override async transaction(): Promise<never> {
        throw new Error('killed')
      }
    }
    const first = await openPublisher(place, { made: login => new Forgetful(login) })
    await expect(first.publisher.publish(id, wait)).rejects.toThrow('killed')
    await first.close()
  }

  it('between writing a version and noting it is followed by one that takes it over', async () => {
    const id = await newPublication(lake, 'noted')
    await lake.writer.run('INSERT INTO noted SELECT range, 0 FROM range(100)')
    await publishAndForget(id)
    const second = await openPublisher(place)
    try {
      // There was nothing else to publish.
      expect(await second.publisher.publish(id, wait)).toMatchObject({ version: 0, changed: false })
      await lake.writer.run('DELETE FROM noted WHERE id < 10')
      expect(await second.publisher.publish(id, wait)).toMatchObject({ version: 1, addedFiles: 1, removedFiles: 1 })
      expect(readByTheRules(join(folder, 'published', 'main', 'noted'))).toHaveLength(2)
    } finally {
      await second.close()
    }
  })

  it('is followed by one that takes over what it wrote, also when the snapshot of that has been expired, but not another lake’s', async () => {
    const id = await newPublication(lake, 'expired')
    await lake.writer.run('INSERT INTO expired VALUES (1, 0)')
    const second = await openPublisher(place)
    const maintenance = await openWriter(lake.connections.maintenance)
    const log = join(folder, 'published', 'main', 'expired', '_delta_log')
    try {
      expect(await second.publisher.publish(id, wait)).toMatchObject({ version: 0 })
      for (const version of [1, 3]) {
        await lake.writer.run(`INSERT INTO expired VALUES (1, ${version})`)
        await publishAndForget(id)
        const file = join(log, `${`${version}`.padStart(20, '0')}.json`)
        const written = readFileSync(file, 'utf8')
        const { snapshotId } = JSON.parse(JSON.parse(written.split('\n')[0] ?? '').commitInfo.userMetadata)
        await lake.writer.run('INSERT INTO expired VALUES (1, 0)')
        await maintenance.run(`CALL ducklake_expire_snapshots('lake', versions => [${snapshotId}])`)
        writeFileSync(file, written.replace('"path":"file:///', '"path":"file:///of/another'))
        await expect(second.publisher.publish(id, wait)).rejects.toThrow('not the lake’s own')
        writeFileSync(file, written)
        expect(await second.publisher.publish(id, wait)).toMatchObject({ version: version + 1, addedFiles: 1 })
      }
      expect(readByTheRules(join(log, '..')).at(-1)?.files.size).toBe(5)
    } finally {
      maintenance.closeSync()
      await second.close()
    }
  })

  it('is followed by one that sees what it wrote, also when the lake has gone back to what was noted', async () => {
    const id = await newPublication(lake, 'undone')
    await lake.writer.run('INSERT INTO undone SELECT range, 0 FROM range(100)')
    const second = await openPublisher(place)
    try {
      expect(await second.publisher.publish(id, wait)).toMatchObject({ version: 0 })
      await lake.writer.run('INSERT INTO undone SELECT range, 1 FROM range(50)')
      await publishAndForget(id)
      await lake.writer.run('DELETE FROM undone WHERE round = 1')
      expect(await second.publisher.publish(id, wait)).toMatchObject({ version: 2, changed: true, addedFiles: 0, removedFiles: 1 })
      expect(readByTheRules(join(folder, 'published', 'main', 'undone')).at(-1)?.files.size).toBe(1)
    } finally {
      await second.close()
    }
  })

  it(`at ${kills} random moments leaves versions that can all be read, none lost and none twice`, {
    timeout: 60_000 + kills * 10_000,
  }, async () => {
    const missing = deltalake.install()
    const id = await newPublication(lake, 'raced')
    let writing = true
    const writers = [openWriter(lake.connections.writer).then(duckdb => write(duckdb, () => writing))]
    const random = randomFrom(fuzzSeed)
    for (let kill = 0; kill < kills; kill += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx/esm', join(import.meta.dirname, 'publish-forever.ts')], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      child.send({ id, place })
      const ended = once(child, 'exit')
      expect(await Promise.race([once(child, 'message').then(([said]) => said), ended.then(() => 'ended')])).toBe('published')
      await sleep(random() * lifeMs)
      child.kill('SIGKILL')
      await ended
    }
    writing = false
    await Promise.all(writers)
    const last = await openPublisher(place)
    await last.publisher.publish(id, { timeoutMs: 60_000 })
    const noted = (await listVersions(last.store.ask, id, 10_000)).map(({ version, snapshotId }) => [Number(version), snapshotId]).reverse()
    await last.close()

    const location = join(folder, 'published', 'main', 'raced/')
    const log = readByTheRules(location)
    expect(log.map(({ version, snapshotId }) => [version, snapshotId])).toEqual(noted)
    expect(new Set(noted.map(([, snapshot]) => snapshot)).size).toBe(noted.length)
    // Each publisher made one at least, if there was a commit since the one before.
    expect(noted.length).toBeGreaterThan(1)
    const sql = (table: string) => `SELECT count(*)::VARCHAR, sum(id)::VARCHAR, max(round)::VARCHAR FROM ${table}`
    const inLake = async (snapshot: unknown) => (await lake.writer.runAndReadAll(sql(`raced AT (VERSION => ${snapshot})`))).getRows()
    const [, newest] = noted.at(-1) ?? []
    expect(await inLake(newest)).toEqual((await lake.writer.runAndReadAll(sql('raced'))).getRows())
    if (missing && process.env.CI !== 'true') return console.log(`versions were not read: ${missing}`)
    const delta = openDelta(location)
    try {
      for (const [version, snapshot] of noted) expect((await delta.ask(sql('t'), Number(version))).rows).toEqual(await inLake(snapshot))
    } finally {
      delta.close()
    }
    if (process.env.PUBLISHER_KILLS) console.log(`${kills} kills, ${noted.length} versions`)
  })
})

/** Commits one after the other: rows, and deletions of some of them, or of all that the commit before put there. */
async function write(duckdb: DuckDBConnection, goesOn: () => boolean): Promise<void> {
  for (let round = 0; goesOn(); round += 1) {
    await duckdb.run(`INSERT INTO raced SELECT ${round} * 100 + range, ${round} FROM range(100)`)
    // What it undoes may have been published or not.
    if (round % 5 === 1) await duckdb.run(`DELETE FROM raced WHERE round = ${round}`)
    if (round % 3 === 2) await duckdb.run(`DELETE FROM raced WHERE id % 7 = ${round % 7}`)
    await sleep(20)
  }
  duckdb.closeSync()
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
