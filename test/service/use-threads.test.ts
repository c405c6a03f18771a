import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { attachLake } from '../../service/engine/attach-lake.ts'
import { Gate } from '../../service/engine/gate.ts'
import type { Session } from '../../service/engine/open-statement.ts'
import { PreparedConstants } from '../../service/engine/prepared-constants.ts'
import { perform } from '../../service/engine/works.ts'
import { DataFolder } from '../../service/files/data-folder.ts'
import { type OpenLake, openLake } from './open-lake.ts'
import { temporaryFolder } from './run-service.ts'

const spool = temporaryFolder()
const limits = { memoryMb: 512, dataLimitMb: 3_072, spillMb: 64, threads: 2 }
let lake: OpenLake
let session: Session
beforeAll(async () => {
  lake = await openLake()
  await lake.writer.run('CREATE TABLE stops (id BIGINT)')
  const { writer } = lake.connections
  const engine = await attachLake(writer, limits, temporaryFolder(), [], [spool], 'writer')
  const parts = { gate: new Gate(engine), constants: new PreparedConstants(engine), files: new DataFolder(writer) }
  session = { lake: engine, pipe: '', threads: limits.threads, ...parts }
})
afterAll(async () => {
  session.lake.closeSync()
  await lake.close()
})

const threads = async () => (await session.lake.runAndReadAll(`SELECT current_setting('threads')`)).getRows()[0]?.[0]

it('small appends have one thread, and what comes after them has all again', async () => {
  const path = join(spool, 'rows')
  writeFileSync(path, '{"id":1}\n')
  const [table, note] = [
    { schema: 'main', name: 'stops' },
    { id: '1', request: 'r', by: 'me' },
  ] as const
  const source = { format: 'ndjson', paths: [path] } as const
  await perform(session, { name: 'append', order: { table, author: 'me', members: [{ note, source }] } })
  expect(await threads()).toBe(1n)
  await perform(session, { name: 'load', order: { table, mode: 'append', source, maxRejects: 0, dryRun: false, author: 'me', note } })
  expect(await threads()).toBe(2n)
})
