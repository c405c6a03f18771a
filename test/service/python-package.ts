import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache')

/** A package from PyPI, fetched once for all runs on this machine. */
export class PythonPackage {
  /** What PYTHONPATH has to be. */
  readonly folder: string

  constructor(
    private readonly name: string,
    private readonly version: string,
  ) {
    this.folder = join(cache, `${name}-${version}`)
  }

  /** Fetches it if it is not there yet. @returns why it could not */
  install(): string | undefined {
    if (existsSync(this.folder)) return undefined
    // Whole or not at all: another test may want it at the same time.
    const own = `${this.folder}.${process.pid}`
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', own, `${this.name}==${this.version}`]
    const { status, stderr, error } = spawnSync('python3', words, { encoding: 'utf8' })
    if (status === 0 && !existsSync(this.folder)) renameSync(own, this.folder)
    rmSync(own, { recursive: true, force: true })
    return status === 0 ? undefined : `no ${this.name}: ${(stderr || String(error)).trim().split('\n').at(-1)}`
  }
}

export const deltalake = new PythonPackage('deltalake', '1.6.6')
export const schemathesis = new PythonPackage('schemathesis', '4.32.5')
