import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errors } from '../../service/errors.ts'
import { freePort } from './servers/free-port.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
let metricsPort = 0
beforeAll(async () => {
  metricsPort = await freePort()
  service = await startService({ METRICS_PORT: `${metricsPort}`, LOG_LEVEL: 'info' })
})
afterAll(() => stopService(service))

/** Sends bytes as they are, and reads until the service hangs up. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', data => {
      answer += data
    })
    socket.on('close', () => resolve(answer)).on('error', reject)
  })
}

describe('what is no proper request gets a problem', () => {
  it('for headers that are too large', async () => {
    const answer = await send(`GET /livez HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 431 .*application\/problem\+json.*"code":"headersTooLarge"/s)
  })

  it('for bytes that are not HTTP', async () => {
    expect(await send('hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*"code":"invalidRequest"/s)
  })

  it('for headers that do not come', { timeout: 30_000 }, async () => {
    expect(await send('GET /livez HTTP/1.1\r\nHost: a\r\n')).toMatch(/^HTTP\/1.1 408 .*"code":"requestTimeout"/s)
  })

  it('for a body that does not come, unless it is an upload of which bytes come', { timeout: 90_000 }, async () => {
    const lengths = 'Content-Length: 4\r\nConnection: close\r\n\r\n'
    const head = (line: string) => `${line} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${service.key}\r\n`
    const upload = connect(Number(new URL(service.url).port), '127.0.0.1')
    upload.write(`${head('PUT /v1/objects/slow.txt')}${lengths}sl`)
    const answer = await send(`${head('POST /v1/query')}Content-Type: application/sql\r\n${lengths}SE`)
    expect(answer).toMatch(/^HTTP\/1.1 408 .*"code":"requestTimeout"/s)
    // The upload began before the other request, and goes on behind that one's end.
    upload.write('ow')
    expect(await text(upload)).toMatch(/^HTTP\/1.1 201 /)
  })

  it('for a method that the path does not have, with those that it has', async () => {
    const response = await fetch(`${service.url}/v1/query`, { method: 'PUT', headers: { authorization: `Bearer ${service.key}` } })
    expect(response.headers.get('allow')).toBe('POST')
    expect({ status: response.status, ...JSON.parse(await response.text()) }).toMatchObject({ status: 405, code: 'methodNotAllowed' })
  })
})

describe('/openapi.json', () => {
  it('is OpenAPI 3.1, names every route under /v1 and every error code', async () => {
    const document = JSON.parse(await (await fetch(`${service.url}/openapi.json`)).text())
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/query', '/v1/tables', '/v1/tables/{schema}/{table}', '/v1/snapshots', '/livez', '/readyz']),
    )
    expect(document.paths['/v1/query'].post.responses['4XX']).toEqual({ $ref: '#/components/responses/CallerProblem' })
    expect(document.components.responses.CallerProblem.content['application/problem+json'].schema).toEqual({
      $ref: '#/components/schemas/Problem',
    })
    expect(document.components.schemas.Problem.properties.code.enum.sort()).toEqual(Object.keys(errors).sort())
  })

  it('can be read at /docs without asking anybody else', async () => {
    const page = await (await fetch(`${service.url}/docs/`)).text()
    expect(page).toContain('swagger-ui')
    expect(page).not.toMatch(/(src|href)="https?:/)
  })
})

describe('what is said of a request', () => {
  it('is one line in the log, without key and statement', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const response = await fetch(`${service.url}/v1/query?format=csv`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${service.key}`,
        'content-type': 'application/sql',
        traceparent: `00-${trace}-b7ad6b7169203331-01`,
        'x-request-id': 'log-1',
      },
      body: "SELECT 'private' FROM rides",
    })
    await response.text()
    await new Promise(resolve => setTimeout(resolve, 50))
    const log = service.output().error
    const lines = log
      .split('\n')
      .filter(line => line.includes('"log-1"'))
      .map(line => JSON.parse(line))
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'ducklake',
        request_id: 'log-1',
        trace_id: trace,
        query_id: response.headers.get('x-query-id'),
        route: '/v1/query',
        status: 200,
        rows: 500,
        outcome: 'ok',
        bytes: expect.any(Number),
        duration_ms: expect.any(Number),
      }),
    ])
    expect(log).not.toContain('private')
    expect(log).not.toContain(service.key)
  })

  it('is in the metrics, on their own port', async () => {
    await service.query('SELECT nothing')
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(metrics).toMatch(/^ducklake_query_seconds_count\{outcome="sqlInvalid",format="json"\} 1$/m)
    expect(metrics).toMatch(/^ducklake_engines [1-9]/m)
    expect(metrics).toMatch(/^ducklake_sent_bytes_total [1-9]/m)
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404)
  })
})
