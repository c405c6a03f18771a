import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const program = join(import.meta.dirname, '..', '..', '..', '.build', 'cli', 'lake.js')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** Runs the `lake` command as the tests' set-up has built it. */
export function runLake(words: readonly string[], environment: Readonly<Record<string, string>>, input?: string | Buffer): Promise<Ended> {
  return startLake(words, environment, input).ended
}

export function startLake(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  input?: string | Buffer,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [program, ...words], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment } })
  let [out, error] = ['', '']
  child.stdout.setEncoding('utf8').on('data', text => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    error += text
  })
  child.stdin.end(input)
  return { child, ended: new Promise(resolve => child.once('close', code => resolve({ code, out, error }))) }
}
