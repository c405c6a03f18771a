import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Peer {
  readonly pid: number
  readonly url: string
  stop(): Promise<void>
}

/** How long a peer may take until it answers. */
const startTimeoutMs = 120_000

/** Starts a server and waits until it answers at all. */
export async function startPeer(program: string, words: readonly string[], url: string): Promise<Peer> {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  const deadline = Date.now() + startTimeoutMs
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${program} does not answer at ${url}`)
    await sleep(100)
  }
  return { pid: child.pid ?? 0, url, stop: () => stop(child) }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}
