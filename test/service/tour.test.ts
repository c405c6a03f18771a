import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { extensionDir, temporaryFolder } from './run-service.ts'
import { startService, stopService } from './start-service.ts'

const root = join(import.meta.dirname, '..', '..')

/** Each block of commands, and what the page says that it prints. */
const steps = [
  ...readFileSync(join(root, 'docs', 'tour.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm),
].map(([, commands = '', output]) => ({ commands, output }))

it('docs/tour.md prints what it shows, from its first line to its last', async () => {
  const folder = temporaryFolder()
  const service = await startService({}, join(folder, '.lake'))
  try {
    const script = ['npx() { shift; "$NODE" "$LAKE" "$@"; }', ...steps.map(({ commands }) => `${commands}\necho '--- end of a step'`)].join(
      '\n',
    )
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        NODE: process.execPath,
        LAKE: join(root, '.build', 'cli', 'lake.js'),
        LAKE_URL: service.url,
        EXTENSION_DIR: extensionDir,
      },
    })
    const printed = stdout.split('--- end of a step\n').slice(0, -1)
    expect(printed).toHaveLength(steps.length)
    expect(printed).toEqual(steps.map(({ output }, index) => output ?? printed[index]))
  } finally {
    await stopService(service)
  }
}, 120_000)
