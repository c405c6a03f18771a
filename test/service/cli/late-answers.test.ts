import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { runLake } from './run-lake.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Longer than `hurried` waits. */
const lateMs = 3_000

/** What node is told before the command begins: that its fetch gives up after a second, as it does after 300 by itself. */
const hurried = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module'
  const { Agent, install, setGlobalDispatcher } = createRequire('${import.meta.filename}')('undici')
  install()
  setGlobalDispatcher(new Agent({ headersTimeout: 1000, bodyTimeout: 1000 }))
`)}`

/** Begins its answer late, and ends it late. */
async function answerLate(): Promise<string> {
  const written = { writeId: 'w', snapshotId: '2', kind: 'insert', rowCount: 1, elapsedMs: lateMs }
  server = createServer(async (_request, response) => {
    await sleep(lateMs)
    response.writeHead(200, { 'content-type': 'application/json' }).write(JSON.stringify(written).slice(0, 10))
    await sleep(lateMs)
    response.end(JSON.stringify(written).slice(10))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`
}

it('waits for a write that takes longer than fetch itself waits', async () => {
  const url = await answerLate()
  const environment = { LAKE_URL: url, LAKE_KEY: 'none', NODE_OPTIONS: `--import=${hurried}` }
  expect(await runLake(['run', 'INSERT INTO t VALUES (1)', '--json'], environment)).toMatchObject({
    code: 0,
    error: '',
    out: expect.stringContaining('"snapshotId":"2"'),
  })
})
