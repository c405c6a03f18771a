import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const version = '1.6.6'

/** Where delta-rs for Python lies, fetched once for all runs on this machine. */
export const packages = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', `deltalake-${version}`)

/** Fetches delta-rs from PyPI if it is not there yet. @returns why it could not */
export function installDeltalake(): string | undefined {
  if (existsSync(join(packages, 'deltalake'))) return undefined
  const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages, `deltalake==${version}`]
  const { status, stderr, error } = spawnSync('python3', words, { encoding: 'utf8' })
  return status === 0 ? undefined : `no delta-rs: ${(stderr || String(error)).trim().split('\n').at(-1)}`
}
