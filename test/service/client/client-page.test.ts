import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { startService, stopService } from '../start-service.ts'

const root = join(import.meta.dirname, '..', '..', '..')

it('prints what docs/client.md says that it prints', async () => {
  const page = readFileSync(join(root, 'docs', 'client.md'), 'utf8')
  const [, example = '', output = ''] = /```ts\n([\s\S]*?)```[\s\S]*?```\n([\s\S]*?)```/.exec(page) ?? []
  const service = await startService()
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '--eval', example], {
      cwd: root,
      env: { PATH: process.env.PATH, LAKE_URL: service.url, LAKE_KEY: service.key },
    })
    // How many batches there are is DuckDB's choice.
    expect(stdout.replace(/(true\n)+/, 'true\n')).toBe(output)
  } finally {
    await stopService(service)
  }
})

it('runs in browsers too: nothing in it is of Node', async () => {
  const { outputFiles } = await build({
    entryPoints: ['lake-client', 'record-batches'].map(name => join(root, 'service', 'client', `${name}.ts`)),
    outdir: 'nowhere',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  expect(outputFiles.length).toBeGreaterThan(1)
})
