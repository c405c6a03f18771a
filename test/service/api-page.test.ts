import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

const blocks = [...readFileSync('docs/api.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => (block ?? '').trim())
const [setting, ...lines] = blocks

describe('docs/api.md', () => {
  let service: Service
  let metricsPort: number
  beforeAll(async () => {
    metricsPort = await freePort()
    service = await startService({ METRICS_PORT: `${metricsPort}` })
  })
  afterAll(() => stopService(service))

  it('has lines that all run as they stand, one after the other', () => {
    expect(setting).toContain('export URL=')
    const script = lines.map((line, index) => `echo "--- ${index}" >&2\n${line}\necho`).join('\n')
    const out = execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, URL: service.url, KEY: service.key, METRICS_URL: `http://127.0.0.1:${metricsPort}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(out).toContain('"name":"from_station"')
    expect(out).toContain('ride_id,departed_at,')
    expect(out).toContain('{"rides":"500"}')
    expect(out).toContain('"state":"succeeded"')
    expect(out).toContain('"mode":"append","rowCount":2')
    expect(out).toContain('"delimiter":","')
    expect(out).toContain('"requestsPerMinute":600')
    expect(out).toContain('ducklake_query_seconds_count')
  })

  it('has a line for every route of the OpenAPI document', async () => {
    const document: { paths: Record<string, object> } = JSON.parse(await (await fetch(`${service.url}/openapi.json`)).text())
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method.toUpperCase()} ${path}`),
    )
    const shown = lines.map(line => {
      const [, url = ''] = /\$\{?(?:URL|METRICS_URL)[^/]*?(\/[^\s"?]*)/.exec(line) ?? []
      const path = url
        .replace(/\$\w+/g, '{id}')
        .replace(/\/main\/\w+/, '/{schema}/{table}')
        .replace(/(objects|previews)\/.*/, '$1/{key}')
        .replace('/queue/numbers', '/queue/{table}')
        .replace('/lineage.reads', '/{name}')
        .replace('/maintenance/compact', '/maintenance/{task}')
      const method = /-X (\w+)/.exec(line)?.[1] ?? (line.includes(' -d ') ? 'POST' : 'GET')
      return `${method} ${path}`
    })
    expect(routes.filter(route => !shown.includes(route) && !route.startsWith('HEAD'))).toEqual([])
  })
})
