import { afterAll, beforeAll, expect, it } from 'vitest'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

const call: ReturnType<typeof callService> = (...words) => callService(service)(...words)

const deleters = 2
const deletesEach = 12
const files = 10
const rowsPerFile = 100

async function change(sql: string): Promise<void> {
  const { status, text } = await call('POST', '/v1/statements', { sql })
  expect(text).toContain('snapshotId')
  expect(status).toBe(200)
}

it('loses no delete and no append while the table’s files are joined and written anew', async () => {
  await change('CREATE TABLE raced (id INT, file INT)')
  for (let file = 0; file < files; file += 1)
    await change(`INSERT INTO raced SELECT range, ${file} FROM range(${file * rowsPerFile}, ${(file + 1) * rowsPerFile})`)

  const gone: number[] = []
  const writing = [
    ...Array.from({ length: deleters }, async (_, deleter) => {
      for (let n = 0; n < deletesEach; n += 1) {
        // Each concerns every file, and the deleters concern the same files.
        const id = n * deleters + deleter
        await change(`DELETE FROM raced WHERE id % ${rowsPerFile} = ${id}`)
        gone.push(id)
      }
    }),
    (async () => {
      for (let n = 0; n < deletesEach; n += 1) await change(`INSERT INTO raced VALUES (${-1 - n}, -1)`)
    })(),
  ]
  let writers = writing.length
  for (const writer of writing) writer.finally(() => (writers -= 1)).catch(() => {})
  const done = new Set<string>()
  while (writers > 0) {
    for (const task of ['rewrite-deletes', 'compact']) {
      const body = { table: { schema: 'main', table: 'raced' }, ...(task === 'rewrite-deletes' && { deletedPercent: 1 }) }
      const run = await call('POST', `/v1/maintenance/${task}`, body, undefined, { prefer: 'wait=60' })
      expect(run).toMatchObject({ status: 202, body: { state: 'succeeded' } })
      if (run.body.snapshotId) done.add(task)
    }
  }
  await Promise.all(writing)

  expect(done).toEqual(new Set(['rewrite-deletes', 'compact']))
  const found = await service.query(
    `SELECT count(*), count(DISTINCT id), count(*) FILTER (id < 0), count(*) FILTER (id >= 0 AND id % ${rowsPerFile} IN (${gone})) FROM raced`,
  )
  const left = files * (rowsPerFile - deleters * deletesEach) + deletesEach
  expect(found.body.rows).toEqual([[`${left}`, `${left}`, `${deletesEach}`, '0']])
})
