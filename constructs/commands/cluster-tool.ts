import { spawnSync } from 'node:child_process'
import { InvalidValue } from '../invalid.ts'

/** `kubectl` or `helm` as a person would call it: the command is printed, then run against the current context. */
export class ClusterTool {
  constructor(
    private readonly root: string,
    readonly dryRun: boolean,
  ) {}

  /** Changes the cluster; with a dry run it is only printed. @throws InvalidValue when it fails. */
  run(...command: readonly [tool: string, ...args: string[]]): void {
    console.log(`$ ${command.map(quoted).join(' ')}`)
    if (this.dryRun) return
    const { status } = this.spawn(command, 'inherit')
    if (status !== 0)
      throw new InvalidValue(
        `${command[0]} failed: its message is above. What was done before it stays; run the command again when it is mended.`,
      )
  }

  /** Runs with a text on standard input that is not printed, since it holds secrets; `shown` stands for it. */
  runWithInput(shown: string, input: string, ...command: readonly [tool: string, ...args: string[]]): void {
    console.log(`$ ${shown}`)
    if (this.dryRun) return
    const { status, stderr } = this.spawn(command, 'pipe', input)
    if (status !== 0) throw new InvalidValue(`${command[0]} failed: ${stderr.trim()}`)
  }

  /** @returns undefined if the cluster says that there is no such object; a dry run asks nobody and takes it as missing. */
  ask(...command: readonly [tool: string, ...args: string[]]): string | undefined {
    if (this.dryRun) return undefined
    const { status, stdout, stderr } = this.spawn(command, 'pipe')
    if (status === 0) return stdout
    if (stderr.includes('(NotFound)')) return undefined
    throw new InvalidValue(`${command.join(' ')} failed: ${stderr.trim()}`)
  }

  private spawn([tool, ...args]: readonly [string, ...string[]], stdio: 'inherit' | 'pipe', input?: string) {
    const result = spawnSync(tool, args, { cwd: this.root, encoding: 'utf8', stdio, ...(input !== undefined && { input }) })
    if (result.error && 'code' in result.error && result.error.code === 'ENOENT') {
      throw new InvalidValue(`${tool} is not on the PATH: install it, point its context at the cluster, then run the command again.`)
    }
    return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? '' }
  }
}

/** As a person would type it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
