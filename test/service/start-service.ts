import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

export interface Service extends Run {
  readonly url: string
  readonly key: string
  readonly lakeDir: string
  readonly query: (
    body: string | object,
  ) => Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }>
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lake-'))
}

/** Runs the real server process; it may refuse to start. */
export function run(environment: Record<string, string>, words: readonly string[] = ['--port', '0']): Run {
  return runModule('service/server.ts', environment, words)
}

/** Runs a program of the service as npm's commands do. */
export function runModule(module: string, environment: Record<string, string>, words: readonly string[] = []): Run {
  const child = spawn(process.execPath, ['--import', 'tsx/esm', module, ...words], {
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

/** Starts a service on a lake of its own and waits for its start message. */
export async function startService(environment: Record<string, string> = {}, lakeDir = temporaryFolder()): Promise<Service> {
  const running = run({ LAKE_DIR: lakeDir, ...environment })
  const ended = running.exit.then(code => {
    throw new Error(`the service ended with ${code}: ${running.output().error}`)
  })
  ended.catch(() => {})
  while (!running.output().out.includes('Ctrl-C')) await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 20))])
  const url = /The lake is at (\S+)/.exec(running.output().out)?.[1] ?? ''
  const key = readFileSync(join(lakeDir, 'admin-key'), 'utf8').trim()
  const query: Service['query'] = async body => {
    const response = await fetch(`${url}/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': typeof body === 'string' ? 'application/sql' : 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const answer: Record<string, unknown> = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, body: answer }
  }
  return { ...running, url, key, lakeDir, query }
}

export async function stopService(service: Service): Promise<void> {
  service.child.kill('SIGINT')
  await service.exit
  removeLake(service.lakeDir)
}

/** With the catalog, which lies elsewhere if the tests run as root. */
export function removeLake(lakeDir: string): void {
  for (const folder of [lakeDir, foldersOf(lakeDir).base]) rmSync(folder, { recursive: true, force: true })
}
