import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface ServiceProcess {
  readonly url: string
  readonly pid: number
  readonly headers: Readonly<Record<string, string>>
  /** From its start to its start message. */
  readonly startMs: number
  stop(): Promise<void>
}

/** How long the other engines may take to start behind the first. */
const settleMs = 4_000

/** Runs the service as a process of its own, as users do. */
export async function startServiceProcess(
  environment: Readonly<Record<string, string>>,
  keyOf = environment.ADMIN_KEY,
): Promise<ServiceProcess> {
  const started = performance.now()
  const child = spawn(process.execPath, ['--max-semi-space-size=4', '.build/server.js', '--port', '0'], {
    // One caller asks as often as it can.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, RATE_LIMIT_PER_MINUTE: '100000000', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.once('exit', code => reject(new Error(`the service ended with ${code}`)))
    child.stdout.on('data', data => {
      out += data
      if (out.includes('Ctrl-C')) resolve(/The lake is at (\S+)/.exec(out)?.[1] ?? '')
    })
  })
  const startMs = performance.now() - started
  await sleep(settleMs)
  const key = keyOf ?? readFileSync(join(environment.LAKE_DIR ?? '.lake', 'admin-key'), 'utf8').trim()
  return {
    url,
    pid: child.pid ?? 0,
    headers: { authorization: `Bearer ${key}` },
    startMs,
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** Sends a request and gives its answer's head; whoever asks reads the body. */
export function open(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ answer: IncomingMessage; asked: ClientRequest }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, agent: false }, answer => resolve({ answer, asked }))
    asked.on('error', reject).end(body)
  })
}

/** Has curl read a whole answer and drop it: a client in JavaScript would take more of the machine than the server. */
export async function download(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
  const words = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
  await promisify(execFile)('curl', ['--silent', '--show-error', '--fail', '--output', '/dev/null', ...words, '--data-binary', body, url])
}

/** Reads a whole answer and drops it. @returns its bytes */
export async function read(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const { answer } = await open(url, headers, body)
  let bytes = 0
  for await (const chunk of answer) bytes += chunk.length
  if (answer.statusCode !== 200 || !answer.complete)
    throw new Error(`${url} answered ${answer.statusCode}, ${answer.complete ? '' : 'not '}complete`)
  return bytes
}

/** Sends a request and reads its whole answer. */
export async function answerTo(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<string> {
  const { answer } = await open(url, headers, body)
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += chunk
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`)
  return text
}
