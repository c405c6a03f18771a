import { readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { extensionDir, temporaryFolder } from './run-service.ts'
import { type Service, startOn, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  // DuckDB's extensions without PGMQ, and no package index that pip could ask for it.
  const [lakeDir, extensions] = [temporaryFolder(), temporaryFolder()]
  for (const entry of readdirSync(extensionDir).filter(name => name.startsWith('v')))
    symlinkSync(join(extensionDir, entry), join(extensions, entry))
  service = await startOn(
    { LAKE_DIR: lakeDir, EXTENSION_DIR: extensions, PIP_INDEX_URL: 'http://127.0.0.1:9/', PIP_CONFIG_FILE: '/dev/null' },
    lakeDir,
  )
})
afterAll(() => stopService(service))

it('a lake without PGMQ says so at its start, and in the queue what to do', async () => {
  expect(service.output().out).toContain('so the lake has no ingest queue; the next migration tries again.')
  for (const [method, path] of [
    ['POST', '/v1/queue/rides'],
    ['GET', '/v1/queue'],
    ['GET', '/v1/queue/rides'],
    ['GET', '/v1/queue/rides/dead'],
    ['POST', '/v1/queue/rides/dead/replay'],
    ['DELETE', '/v1/queue/rides/dead'],
  ] as const) {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${service.key}`, ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body: '{}' }),
    })
    expect([path, response.status, JSON.parse(await response.text())]).toEqual([
      path,
      503,
      expect.objectContaining({ code: 'queueUnavailable', detail: expect.stringContaining('run "npm run migrate"') }),
    ])
  }
})

it('and does all else', async () => {
  expect((await service.query('SELECT count(*) FROM rides')).body.rows).toEqual([['500']])
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
})
