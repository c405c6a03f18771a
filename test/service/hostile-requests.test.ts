import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostileRequests } from './hostile-requests.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let listener: Server
let connections = 0
let at = ''
beforeAll(async () => {
  // Small and few: whatever goes wrong in an engine hits the next statement.
  service = await startService({
    ENGINES: '1',
    ENGINES_SHORT: '0',
    ENGINE_SPARES: '1',
    ENGINE_DATA_LIMIT_MB: '1500',
    ENGINE_SPILL_MB: '200',
  })
  listener = createServer(socket => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  at = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterAll(async () => {
  listener.close()
  await stopService(service)
})

/** What must never be in an answer. */
function secrets(): string[] {
  const files = readdirSync(service.lakeDir).filter(name => name.endsWith('-password'))
  return ['root:x:0', 'PATH=', 'ducklake_reader', ...files.map(name => readFileSync(join(service.lakeDir, name), 'utf8').trim())]
}

const groups = Object.entries(hostileRequests('<listener>', '<lake>'))

it('the corpus is large', () => {
  expect(groups.flatMap(([, statements]) => statements).length).toBeGreaterThanOrEqual(200)
})

describe.each(groups.map(([group, statements], index) => ({ group, count: statements.length, index })))('$group', ({ group, count }) => {
  it(`is refused or harmless, and the next statement is right, ${count} times`, { timeout: 300_000 }, async () => {
    const before = connections
    const marks = secrets()
    for (const sql of hostileRequests(at, service.lakeDir)[group] ?? []) {
      const shown = sql.slice(0, 120)
      const { status, body } = await service.query({ sql, timeoutMs: 1_500 })
      const text = JSON.stringify(body)
      // 504 is the deadline of the heavy ones; any other 5xx would be a mistake of ours, or an engine that died.
      if (group === 'weight') expect([200, 400, 403, 413, 422, 504, 507], `${shown}: ${text.slice(0, 200)}`).toContain(status)
      else expect([400, 403], `${shown}: ${text.slice(0, 200)}`).toContain(status)
      for (const secret of marks) expect(text.includes(secret) && !sql.includes(secret), `${shown} shows ${secret}`).toBe(false)
      const next = await service.query('SELECT count(*), sum(fares) FROM rides')
      expect(next.body, `after ${shown}: ${text.slice(0, 200)} then ${JSON.stringify(next.body)}`).toMatchObject({
        rows: [['500', '47499.20']],
      })
    }
    expect(connections).toBe(before)
  })
})
