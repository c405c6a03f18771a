import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService, stopService } from './start-service.ts'

const section =
  readFileSync('README.md', 'utf8')
    .split(/^## /m)
    .find(text => text.startsWith('Data in')) ?? ''
const blocksOf = (language: string) =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block)

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

it('README.md shows what its commands draw', async () => {
  const [setting, changes = '', question = ''] = blocksOf('sh')
  expect(setting).toContain('export URL=')
  const bash = (script: string) =>
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, URL: service.url, KEY: service.key },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  expect(bash(changes)).toContain('"state":"succeeded"')
  // The lineage of a write is stored a moment after its answer.
  await expect.poll(() => bash(question), { timeout: 10_000 }).toBe(blocksOf('mermaid')[0])
  const { body } = await service.query('SELECT sensor, celsius FROM means ORDER BY sensor')
  expect(body.rows).toEqual([
    ['north', 7],
    ['south', 9],
  ])
})
