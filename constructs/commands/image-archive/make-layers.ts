import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { pgmq } from '../../../service/extensions/pgmq-sql.ts'
import { folders } from '../../ducklake-service/service-settings.ts'
import { InvalidValue } from '../../invalid.ts'
import { extensions } from '../../versions.ts'
import { binariesIn, copyLibraries, copyProgram, makeRoot } from './copy-programs.ts'
import { fetchNode } from './fetch-node.ts'
import { runStep } from './run-step.ts'

/** What the Dockerfile's stages do, line by line; test/image.test.ts holds them to it. */
export const buildSteps = {
  copied: ['package.json', 'package-lock.json', '.npmrc', '.ci', 'service'],
  install: ['npm', 'ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'],
  build: ['node', '.ci/build.mjs'],
  reduce: ['node', '.ci/service-package.mjs'],
  prune: ['npm', 'prune', '--ignore-scripts', '--omit=dev', '--no-fund', '--no-audit', '--loglevel=error'],
} as const
export const fetchWords = ['--no-cache-dir', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes'] as const

/** The authorities that sign certificates, as Debian keeps them. */
export const authorities = '/etc/ssl/certs/ca-certificates.crt'
export const appFolder = '/app'
export const appContent = ['package.json', 'node_modules', '.build'] as const

/** Makes the image's content as folders, the lowest layer first: Node with what it loads, DuckDB's extensions, the service.
 * @throws InvalidValue if a step fails or this machine is not a Linux */
export async function makeLayers(root: string, work: string): Promise<string[]> {
  if (process.platform !== 'linux')
    throw new InvalidValue(
      'The archive takes libraries of the machine that makes it, which must be a Linux: use docker, podman or buildah.',
    )
  const layer = (name: string) => join(work, name)
  const app = makeApp(root, work, layer('3-app'))
  makeExtensions(root, work, layer('2-extensions'))
  await makeBase(work, layer('1-node'), app)
  return readdirSync(work)
    .filter(name => /^\d-/.test(name))
    .sort()
    .map(layer)
}

/** What the service runs besides Node: `sh` sets an engine's memory limit, `mkfifo` makes the pipe for its results. */
export const spawnedPrograms = ['sh', 'mkfifo'] as const

/** Node and these programs, with the libraries of all of them and of the packages' addons. */
async function makeBase(work: string, folder: string, app: string): Promise<void> {
  makeRoot(folder)
  const node = join(mkdtempSync(join(work, 'node-')), 'node')
  await fetchNode(dirname(node), node)
  copyProgram(folder, node, '/usr/local/bin/node')
  for (const name of spawnedPrograms) copyProgram(folder, `/bin/${name}`, `/usr/bin/${name}`)
  copyLibraries(folder, binariesIn(join(app, 'node_modules')))
  mkdirSync(join(folder, dirname(authorities)), { recursive: true })
  copyFileSync(authorities, join(folder, authorities))
  writeFileSync(join(folder, 'etc', 'passwd'), 'root:x:0:0:root:/root:/sbin/nologin\n')
  writeFileSync(join(folder, 'etc', 'group'), 'root:x:0:\n')
}

function makeExtensions(root: string, work: string, folder: string): void {
  const wheels = mkdtempSync(join(work, 'wheels-'))
  const list = join(root, 'service', 'extensions.txt')
  runStep('python3', ['-m', 'pip', 'download', '--quiet', ...fetchWords, '--requirement', list, '--dest', wheels], work)
  const files = readdirSync(wheels).flatMap(wheel => Object.entries(unzipSync(readFileSync(join(wheels, wheel)))))
  const target = join(folder, folders.extensions)
  const platform = `linux_${process.arch === 'x64' ? 'amd64' : process.arch}`
  const put = (end: string, place: string) => {
    const bytes = files.find(([path]) => path.endsWith(end))?.[1]
    if (!bytes) throw new InvalidValue(`None of the wheels of service/extensions.txt holds ${end}.`)
    mkdirSync(dirname(join(target, place)), { recursive: true })
    writeFileSync(join(target, place), bytes)
  }
  for (const [name, { version }] of Object.entries(extensions))
    put(`/${name}.duckdb_extension`, `v${version}/${platform}/${name}.duckdb_extension`)
  put('pgmq/sql/pgmq.sql', `pgmq/pgmq-${pgmq.version}.sql`)
}

/** @returns where it was built */
function makeApp(root: string, work: string, folder: string): string {
  const source = mkdtempSync(join(work, 'app-'))
  for (const name of buildSteps.copied) cpSync(join(root, name), join(source, name), { recursive: true })
  for (const [program, ...words] of [buildSteps.install, buildSteps.build, buildSteps.reduce, buildSteps.prune])
    runStep(program, words, source)
  mkdirSync(join(folder, appFolder), { recursive: true })
  for (const name of appContent) cpSync(join(source, name), join(folder, appFolder, name), { recursive: true, verbatimSymlinks: true })
  return source
}
