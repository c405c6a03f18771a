import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { fields, list, type Manifest } from '../../../constructs/manifest.ts'

/** The cluster, through `kubectl` of the PATH. */
export class Kubectl {
  private readonly env: NodeJS.ProcessEnv

  constructor(kubeconfig: string | undefined) {
    this.env = { ...process.env, ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }) }
  }

  /** @returns what it wrote. @throws Error with its own words if it fails */
  run(words: readonly string[], input?: string): string {
    const { status, stdout, stderr } = this.try(words, input)
    if (status !== 0) throw new Error(`kubectl ${words.join(' ')}: ${stderr.trim() || stdout.trim()}`)
    return stdout
  }

  try(words: readonly string[], input?: string): { status: number | null; stdout: string; stderr: string } {
    const options = { env: this.env, encoding: 'utf8', maxBuffer: 256 * 1_048_576, ...(input !== undefined && { input }) } as const
    const { status, stdout, stderr, error } = spawnSync('kubectl', words, options)
    if (error) throw new Error(`kubectl does not run: ${error.message}. Put it on the PATH.`)
    return { status, stdout, stderr }
  }

  /** An object, or a list of them, as the cluster has it. */
  get(words: readonly string[]): Readonly<Record<string, unknown>> {
    return fields(JSON.parse(this.run(['get', ...words, '--output', 'json'])))
  }

  items(words: readonly string[]): Readonly<Record<string, unknown>>[] {
    return list(this.get(words).items).map(fields)
  }

  /** Objects that are described by a text of manifests, as the cluster has them. */
  itemsOf(manifests: string): Readonly<Record<string, unknown>>[] {
    const answer = fields(JSON.parse(this.run(['get', '--filename', '-', '--output', 'json'], manifests)))
    return answer.kind === 'List' ? list(answer.items).map(fields) : [answer]
  }

  exists(words: readonly string[]): boolean {
    return this.run(['get', ...words, '--ignore-not-found', '--output', 'name']).trim() !== ''
  }

  /** Server-side and strict: a field that the API does not know is an error. @returns a line for each object */
  apply(text: string): string {
    return this.run(['apply', '--server-side', '--validate=strict', '--filename', '-'], text)
  }

  applyObjects(items: readonly Manifest[]): string {
    return this.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  }

  /** A program of one of its pods, or a forwarded port, that goes on beside this one. */
  start(words: readonly string[]): ChildProcess {
    return spawn('kubectl', words, { env: this.env, stdio: ['pipe', 'pipe', 'inherit'] })
  }

  /** Another command of the project against the same cluster. @throws Error if it fails; its words are above then */
  runNpm(words: readonly string[]): void {
    const { status } = spawnSync('npm', ['run', '--silent', ...words], { env: this.env, stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) throw new Error(`npm run ${words.join(' ')} failed`)
  }
}
