import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServerCommand {
  readonly program: string
  readonly words: readonly string[]
  readonly options: SpawnOptions
  /** What makes it stop in order. */
  readonly stopSignal: NodeJS.Signals
  /** Rejects until the server answers. */
  readonly answers: () => Promise<unknown>
  /** How long it may take to answer.
   * @default 30,000 */
  readonly startTimeoutMs?: number
}

/** A server of the tests that can be stopped, killed and started again on the same port and data. */
export class ServerProcess {
  private child: ChildProcess | undefined
  private said = ''
  private readonly killAtExit = () => this.child?.kill('SIGKILL')

  constructor(private readonly command: ServerCommand) {
    process.once('exit', this.killAtExit)
  }

  /** Does nothing if it runs. */
  async start(): Promise<void> {
    if (this.running) return
    const { program, words, options, answers, startTimeoutMs = 30_000 } = this.command
    const child = spawn(program, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => (this.said += data))
    child.once('error', error => (this.said += error.message))
    this.child = child
    const deadline = Date.now() + startTimeoutMs
    for (;;) {
      try {
        await answers()
        return
      } catch (error) {
        if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline)
          throw new Error(`${program} does not answer: ${error}\n${this.said}`)
        await sleep(20)
      }
    }
  }

  /** All it printed so far, over all its starts. */
  get output(): string {
    return this.said
  }

  stop(): Promise<void> {
    return this.end(this.command.stopSignal)
  }

  kill(): Promise<void> {
    return this.end('SIGKILL')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.running
    if (!child) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  private get running(): ChildProcess | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child : undefined
  }
}
