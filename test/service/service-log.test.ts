import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Entry } from '../../constructs/log-pipeline/run-pipeline.ts'
import { collect, serviceTarget } from '../constructs/collect.ts'
import { type Service, startService, stopService } from './start-service.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'

let service: Service
let entries: Entry[]
beforeAll(async () => {
  service = await startService({ LOG_LEVEL: 'info' })
  const ask = (headers: Record<string, string>, sql: string) =>
    fetch(`${service.url}/v1/query`, { method: 'POST', headers: { 'content-type': 'application/sql', ...headers }, body: sql })
  const headers = { authorization: `Bearer ${service.key}`, 'x-request-id': 'asked-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  expect((await ask(headers, 'SELECT 1')).status).toBe(200)
  expect((await ask({ 'x-request-id': 'asked-2' }, 'SELECT 1')).status).toBe(401)
  const printed = () => service.output().error
  while (!printed().includes('"request_id":"asked-2"')) await sleep(20)
  entries = collect(printed().trimEnd(), serviceTarget)
})
afterAll(() => stopService(service))

it('what the service logs is a line of JSON each, with its name and level for the collector', () => {
  expect(entries.length).toBeGreaterThan(1)
  for (const { line, labels } of entries) {
    expect(line).toMatch(/^\{.*\}$/)
    expect(labels).toMatchObject({ service: 'ducklake', app: 'ducklake-service', level: expect.stringMatching(/^(info|warning|error)$/) })
  }
})

it('who asked for what is found with the request', () => {
  const of = (id: string) => entries.filter(({ metadata }) => metadata.request_id === id).map(({ metadata }) => metadata)
  expect(of('asked-1')).toContainEqual({
    request_id: 'asked-1',
    trace_id: traceId,
    key_id: expect.stringMatching(/./),
    query_id: expect.stringMatching(/./),
  })
  expect(of('asked-2')).toContainEqual({ request_id: 'asked-2' })
})
