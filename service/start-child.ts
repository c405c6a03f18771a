import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { reservedForCodeMb } from './reserved-for-code.ts'

/** Run from its source, the service needs a compiler in each process; what `.ci/build.mjs` made of it does not. */
const built = import.meta.url.endsWith('.js')
const compiler = built ? [] : ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href]

interface ChildOptions {
  /** Memory it may have in all: RLIMIT_DATA turns what DuckDB's own limit misses into an ordinary error. */
  readonly dataLimitMb?: number
  /** How many of its blocking calls may run beside each other. */
  readonly threads?: number
  /** What it sees of our environment: nothing by default, since what it needs to know comes by message. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** Starts a module of the service as a process of its own that we talk to by messages. */
export function startChild(module: URL, { dataLimitMb, threads = 8, environment = {} }: ChildOptions = {}): ChildProcess {
  const file = fileURLToPath(module)
  const node = [process.execPath, ...compiler, built ? file.replace(/\.ts$/, '.js') : file]
  const limited =
    // Elsewhere the kernel knows the limit and does not keep it.
    dataLimitMb === undefined || process.platform !== 'linux'
      ? node
      : ['/bin/sh', '-c', `ulimit -d ${(dataLimitMb + reservedForCodeMb()) * 1024} && exec "$@"`, 'sh', ...node]
  const [program = process.execPath, ...words] = limited
  return spawn(program, words, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: `${threads}`, ...environment },
    // Out of the terminal's group: Ctrl-C reaches us first, and we end it after its statement.
    detached: true,
  })
}
