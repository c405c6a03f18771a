import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldersOf } from '../../service/embedded/lake-folder.ts'

const root = join(import.meta.dirname, '..', '..')

/** Extensions are fetched once for all tests of this machine, and again only when DuckDB's version changes. */
export const extensionDir = join(root, 'node_modules', '.cache', 'duckdb-extensions')

export interface Run {
  readonly child: ChildProcess
  /** All it printed so far. */
  readonly output: () => { readonly out: string; readonly error: string }
  readonly exit: Promise<number | null>
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lake-'))
}

/** Runs the real server process; it may refuse to start. */
export function run(environment: Record<string, string>, words: readonly string[] = ['--port', '0']): Run {
  return runModule('server', environment, words)
}

/** Runs a program of the service as npm's commands do, from what the tests' set-up has built. */
export function runModule(module: string, environment: Record<string, string>, words: readonly string[] = []): Run {
  const child = spawn(process.execPath, [`.build/${module}.js`, ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, EXTENSION_DIR: extensionDir, ...environment },
  })
  let [out, error] = ['', '']
  child.stdout.on('data', data => {
    out += data
  })
  child.stderr.on('data', data => {
    error += data
  })
  return { child, output: () => ({ out, error }), exit: new Promise(resolve => child.once('exit', code => resolve(code))) }
}

/** With the catalog, which lies elsewhere if the tests run as root. */
export function removeLake(lakeDir: string): void {
  for (const folder of [lakeDir, foldersOf(lakeDir).base]) rmSync(folder, { recursive: true, force: true })
}
