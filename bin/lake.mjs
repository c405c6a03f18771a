#!/usr/bin/env node
// The `lake` command in a clone of this repository: installs and builds what is missing or older than its source, then runs it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [source, built] = [join(root, 'service'), join(root, '.build')]

// An installed package has no source beside it.
if (existsSync(source) && isOld(join(built, 'packages.json'))) {
  for (const step of ['install.mjs', 'build.mjs']) {
    // What it says is not what the command answers.
    const { status } = spawnSync(process.execPath, [join(root, '.ci', step)], { stdio: ['ignore', process.stderr.fd, 'inherit'] })
    if (status !== 0) process.exit(1)
  }
}
await import('../.build/cli/lake.js')

function isOld(stamp) {
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  if (builtAt === undefined) return true
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.some(({ parentPath, path, name }) => statSync(join(parentPath ?? path, name)).mtimeMs > builtAt)
}
