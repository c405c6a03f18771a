import { spawnSync } from 'node:child_process'
import { InvalidValue } from '../invalid.ts'
import { images } from '../versions.ts'
import { quoted } from './cluster-tool.ts'

/** Programs that build images, and what each answers if it can: a client alone, without its server, cannot. */
const builders = [
  ['docker', 'version'],
  ['podman', 'info'],
  ['buildah', 'version'],
] as const

interface ImageOptions {
  readonly root: string
  /** @default - the name that the manifests have */
  readonly tag?: string
  readonly dryRun: boolean
}

/** Builds the service's image with whatever of docker, podman and buildah there is. @returns the builder's exit code
 * @throws InvalidValue if there is none of them */
export function buildImage({ root, tag, dryRun }: ImageOptions): number {
  const image = tag ?? `${images.ducklakeService.source}:${images.ducklakeService.version}`
  const tried = builders.map(([tool, question]) => ({ tool, refusal: refusalOf(tool, question) }))
  const found = dryRun ? tried[0] : tried.find(({ refusal }) => refusal === undefined)
  if (!found) {
    const reasons = tried.map(({ tool, refusal }) => `  ${tool}: ${refusal}`).join('\n')
    throw new InvalidValue(
      `There is nothing here that builds images:\n${reasons}\nStart or install one of them, then run the command again.`,
    )
  }
  const words = ['build', '--file', 'service/Dockerfile', '--tag', image, '.']
  console.log(`$ ${[found.tool, ...words].map(quoted).join(' ')}`)
  return dryRun ? 0 : (spawnSync(found.tool, words, { cwd: root, stdio: 'inherit' }).status ?? 1)
}

/** Why it cannot build, or nothing. */
function refusalOf(tool: string, question: string): string | undefined {
  const { status, error, stderr } = spawnSync(tool, [question], { encoding: 'utf8' })
  if (error) return 'code' in error && error.code === 'ENOENT' ? 'it is not on the PATH' : error.message
  return status === 0 ? undefined : (stderr.trim().split('\n').at(-1) ?? `it ended with ${status}`)
}
