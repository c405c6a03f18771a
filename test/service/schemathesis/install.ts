import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const version = '4.32.5'

/** Where its Python packages lie, fetched once for all runs on this machine. */
export const packages = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', `schemathesis-${version}`)

/** Fetches Schemathesis from PyPI if it is not there yet. @returns why it could not */
export function installSchemathesis(): string | undefined {
  if (existsSync(join(packages, 'schemathesis'))) return undefined
  const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages, `schemathesis==${version}`]
  const { status, stderr, error } = spawnSync('python3', words, { encoding: 'utf8' })
  return status === 0 ? undefined : `no Schemathesis: ${(stderr || String(error)).trim().split('\n').at(-1)}`
}
