import { parseArgs } from 'node:util'
import type { Environment } from '../environment.ts'
import { InvalidValue } from '../invalid.ts'
import type { LakeApp } from '../lake-app.ts'
import { buildAll, type Environments } from './build-all.ts'
import { ClusterTool } from './cluster-tool.ts'
import { renderAll } from './render-all.ts'
import { UsageError } from './usage-error.ts'

interface CommandLine {
  readonly words: readonly string[]
  readonly environments: Environments
  readonly deployment: (environment: Environment) => LakeApp
  /** The repository's folder. */
  readonly root: string
  /** Where the manifests go: `dist`, or what `cdk8s synth --output` says. */
  readonly dist: string
}

const usage = `npm run synth [-- --check]                      write dist/, helm-values/ and docs/environments.md, or only compare them
npm run diff                                   what a fresh synth would change, object by object
npm run secrets -- --env NAME [--dry-run]      create the missing Secrets of an environment
npm run deploy -- --env NAME [--dry-run] [--charts FOLDER]
                                               bring an environment to the current cluster
npm run image [-- --tag NAME] [--dry-run]      build the service's image with docker, podman or buildah
npm run image -- --archive FILE [--tag NAME]   make it without them, as an archive that any of them and containerd load`

/** Runs the command and sets the exit code: 1 for a value or a cluster that says no, 2 for a misspelled command. */
export async function runCommand(line: CommandLine): Promise<void> {
  try {
    process.exitCode = await run(line)
  } catch (error) {
    if (!(error instanceof InvalidValue || error instanceof UsageError)) throw error
    console.error(error.message)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

async function run({ words, environments, deployment, root, dist }: CommandLine): Promise<number> {
  const { command, options } = parse(words)
  const apps = buildAll(environments, deployment)
  const files = () => renderAll(apps)
  const cluster = new ClusterTool(root, options['dry-run'] === true)
  // Loaded when they are asked for: a synth that does not load the others is done a tenth sooner.
  switch (command) {
    case 'synth':
      if (options.check) return (await import('./check-committed.ts')).checkCommitted(files(), { root, dist })
      return (await import('./synthesize.ts')).synthesize(files(), { root, dist })
    case 'diff':
      return (await import('./show-diff.ts')).showDiff(files(), { root, dist })
    case 'secrets':
      return (await import('./create-secrets.ts')).createSecrets(chosen(apps, options.env), cluster)
    case 'deploy':
      return (await import('./deploy.ts')).deploy(chosen(apps, options.env), cluster, {
        root,
        ...(options.charts !== undefined && { charts: options.charts }),
      })
    case 'image':
      if (options.archive !== undefined)
        return (await import('./image-archive/archive-image.ts')).archiveImage({
          root,
          file: options.archive,
          ...(options.tag !== undefined && { tag: options.tag }),
        })
      return (await import('./build-image.ts')).buildImage({
        root,
        dryRun: options['dry-run'] === true,
        ...(options.tag !== undefined && { tag: options.tag }),
      })
    default:
      throw new UsageError(`There is no command "${command}". The commands are:\n${usage}`)
  }
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        check: { type: 'boolean' },
        env: { type: 'string' },
        'dry-run': { type: 'boolean' },
        charts: { type: 'string' },
        tag: { type: 'string' },
        archive: { type: 'string' },
      },
    })
    const [command = 'synth', ...rest] = positionals
    if (rest.length > 0) throw new TypeError(`Unexpected word "${rest[0]}".`)
    return { command, options: values }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${message.split('. ')[0]}. The commands are:\n${usage}`)
  }
}

function chosen(apps: readonly LakeApp[], name: string | undefined): LakeApp {
  const names = apps.map(app => app.environment)
  if (!name) throw new UsageError(`Say which environment: --env ${names.join(' or --env ')}.`)
  const app = apps.find(({ environment }) => environment === name)
  if (!app) throw new UsageError(`There is no environment "${name}": use ${names.join(' or ')}.`)
  return app
}
