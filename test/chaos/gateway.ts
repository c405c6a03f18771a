import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { removeLake, temporaryFolder } from '../service/run-service.ts'
import { type Service, startOn } from '../service/start-service.ts'

/** A gateway that is started again, on another port, after it was killed. */
export class Gateway {
  private service: Service | undefined
  private readonly lakeDir = temporaryFolder()

  constructor(private readonly environment: Readonly<Record<string, string>>) {}

  /** Where it answers; nothing while it is away. */
  get url(): string | undefined {
    return this.service?.url
  }

  /** Goes on trying: it may be that its servers have been killed as well. */
  async start(): Promise<void> {
    this.service = await startOn({ ...this.environment, LAKE_DIR: this.lakeDir }, this.lakeDir)
  }

  async kill(): Promise<void> {
    const { service } = this
    this.service = undefined
    service?.child.kill('SIGKILL')
    await service?.exit
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    const { service } = this
    this.service = undefined
    service?.child.kill('SIGTERM')
    return service ? await service.exit : null
  }

  /** Process numbers of its engines that write. */
  writers(): number[] {
    const pid = this.service?.child.pid
    if (pid === undefined) return []
    return childrenOf(pid).filter(child => environmentOf(child).includes('PGAPPNAME=ducklake-writer-'))
  }

  removeFolder(): void {
    removeLake(this.lakeDir)
  }

  get folder(): string {
    return this.lakeDir
  }
}

function childrenOf(pid: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', `${pid}`], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number)
  } catch {
    // It has none, or has just ended.
    return []
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}
