import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { watchful } from '../../../service/cli/watchful-fetch.ts'
import { LakeClient } from '../../../service/client/lake-client.ts'
import { UnreachableError } from '../../../service/client/lake-error.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function clientOf(answer: RequestListener): Promise<LakeClient> {
  server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`
  return new LakeClient({ url, fetch: watchful(url, 200) })
}

it('does not wait for who takes a connection and says nothing', async () => {
  const asked: string[] = []
  const lake = await clientOf(({ url = '' }) => asked.push(url))
  const error = await lake.query('SELECT 1').catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(UnreachableError)
  expect(error).toMatchObject({ detail: expect.stringMatching(/does not answer: it takes the connection, and then nothing comes\.$/) })
  expect(asked).toEqual(['/v1/query', '/livez'])
})

it('waits for an answer that takes its time, as long as somebody is there', async () => {
  let looks = 0
  let finish = () => {}
  const result = { columns: [], rows: [], rowCount: 0, truncated: false, elapsedMs: 0, snapshotId: null }
  const lake = await clientOf(({ url }, response) => {
    if (url !== '/livez') {
      finish = () => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
      return
    }
    response.end('{}')
    looks += 1
    if (looks === 3) finish()
  })
  expect(await lake.query('SELECT 1')).toEqual(result)
})
