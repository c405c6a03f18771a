import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { errors } from '../../service/errors.ts'
import { problemAdvice } from '../../service/problems/problem-advice.ts'
import { callService } from './call-service.ts'
import { type Service, startService, stopService } from './start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

it('the type of a problem leads to a page about it, without a key', async () => {
  const { body } = await callService(service)('GET', '/v1/tables', undefined, 'no key')
  expect(body).toMatchObject({ code: 'unauthenticated', type: '/problems/unauthenticated' })
  const page = await fetch(new URL(body.type, service.url))
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const text = await page.text()
  expect(text).toContain('<h1>A valid key is needed</h1>')
  expect(text).toContain('npx lake keys')
})

it('every kind of problem has one, and no other', async () => {
  const statuses = await Promise.all(Object.keys(errors).map(async code => (await fetch(`${service.url}/problems/${code}`)).status))
  expect(new Set(statuses)).toEqual(new Set([200]))
  for (const other of ['nonsense', 'toString', '__proto__']) expect((await fetch(`${service.url}/problems/${other}`)).status).toBe(404)
})

it('names pages of docs/ that there are, and places in them', () => {
  const anchors = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    )
  for (const { page } of Object.values(problemAdvice)) {
    if (page === undefined) continue
    const [file = '', anchor] = `docs/${page}`.split('#')
    expect(existsSync(file), file).toBe(true)
    if (anchor !== undefined) expect(anchors(file)).toContain(anchor)
  }
})
