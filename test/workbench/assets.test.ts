import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService, stopService } from '../service/start-service.ts'

/** What a browser fetches before the page can be used, in bytes as they are sent with gzip. */
const maxFirstLoad = 200_000

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

/** As it comes over the wire: fetch would unpack it. */
function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, service.url), { headers }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(parts) }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

async function firstLoad(): Promise<readonly string[]> {
  const page = (await get('/')).bytes.toString()
  return ['/', ...[...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => `/${path}`)]
}

it('is small: what is loaded first', async () => {
  let all = 0
  for (const path of await firstLoad()) {
    const { headers, bytes } = await get(path, { 'accept-encoding': 'gzip' })
    const sent = headers['content-encoding'] === 'gzip' ? bytes.length : gzipSync(bytes).length
    console.log(`${String(sent).padStart(8)} bytes ${path}`)
    all += sent
  }
  console.log(`${String(all).padStart(8)} bytes are loaded first, ${maxFirstLoad} are allowed`)
  expect(all).toBeGreaterThan(50_000)
  expect(all).toBeLessThanOrEqual(maxFirstLoad)
})

it('lets the page load and ask its own service only, and nothing inline', async () => {
  const { headers, bytes } = await get('/')
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-cache',
  })
  expect(headers['content-security-policy']).toContain("default-src 'self';")
  expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/)
  expect(bytes.toString()).not.toMatch(/(?:src|href)="(?:https?:)?\/\/|<script(?![^>]*src)|<style|style=|onload=/)
})

it('keeps files of hashed names for ever, and the page itself as long as its ETag', async () => {
  const [, asset = ''] = await firstLoad()
  expect((await get(asset)).headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const { headers } = await get('/')
  expect(await get('/', { 'if-none-match': String(headers.etag) })).toMatchObject({ status: 304 })
})

it.each(['br', 'gzip'])('sends what was packed before, as %s', async encoding => {
  const [, script = ''] = await firstLoad()
  const { headers } = await get(script, { 'accept-encoding': encoding })
  expect(headers).toMatchObject({ 'content-encoding': encoding, vary: expect.stringMatching(/accept-encoding/i) })
})

it('leaves every other address a problem document', async () => {
  for (const path of ['/assets/none.js', '/assets/../../package.json', '/index.htm', '/assets/'])
    expect(await get(path)).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json; charset=utf-8' } })
})
