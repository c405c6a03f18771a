import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extract, list } from 'tar'
import { afterAll, describe, expect, it } from 'vitest'
import { copyProgram, makeRoot } from '../constructs/commands/image-archive/copy-programs.ts'
import { readDockerfile } from '../constructs/commands/image-archive/dockerfile.ts'
import { nodeVersion } from '../constructs/commands/image-archive/fetch-node.ts'
import {
  appContent,
  appFolder,
  authorities,
  buildSteps,
  fetchWords,
  spawnedPrograms,
} from '../constructs/commands/image-archive/make-layers.ts'
import { writeArchive } from '../constructs/commands/image-archive/write-archive.ts'
import { programs } from '../constructs/ducklake-service/service-pod.ts'
import { folders, ports } from '../constructs/ducklake-service/service-settings.ts'
import { podSecurity } from '../constructs/security-context.ts'
import { extensions, images, queue } from '../constructs/versions.ts'
import { extensionNames } from '../service/extensions/load-extensions.ts'
import { pgmqFile } from '../service/extensions/pgmq-sql.ts'

const dockerfile = readFileSync('service/Dockerfile', 'utf8')
const packageJson = JSON.parse(readFileSync('package.json', 'utf8'))

/** What stands behind an instruction, line by line. */
function said(instruction: string): string[] {
  return [...dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].map(([, words]) => words ?? '')
}

describe('service/Dockerfile', () => {
  it('builds on the images of constructs/versions.ts', () => {
    const { node, python } = images
    const [ours, builder] = [`node:${node.version}`, `python:${python.version}`]
    expect(said('FROM')).toEqual([`${builder} AS extensions`, `${ours} AS build`, ours])
  })

  it('has a Node that package.json allows, and is of its version', () => {
    const [major = 0, minor = 0] = images.node.version.split('.').map(Number)
    const [, leastMajor, leastMinor] = /^>=(\d+)\.(\d+)$/.exec(packageJson.engines.node) ?? []
    expect(major > Number(leastMajor) || (major === Number(leastMajor) && minor >= Number(leastMinor))).toBe(true)
    expect(images.ducklakeService.version).toBe(packageJson.version)
  })

  it('fetches the extensions and PGMQ of constructs/versions.ts, each with its checksums', () => {
    const wanted = readFileSync('service/extensions.txt', 'utf8').matchAll(/^(\S+==\S+)((?: \\\n {2}--hash=sha256:[\da-f]{64})+)$/gm)
    const known = Object.values(extensions).map(({ source, version }) => [`${source}==${version}`, 2])
    const found = [...wanted].map(([, wheel, hashes = '']) => [wheel, hashes.split('--hash').length - 1])
    expect(found).toEqual([...known, [queue.pgmq.source, 1]])
    expect(Object.keys(extensions).sort()).toEqual([...extensionNames].sort())
    expect(dockerfile).toContain(' --require-hashes ')
  })

  it('puts them where the service looks for them', () => {
    expect(dockerfile).toContain(`made/v${extensions.ducklake.version}/linux_$(dpkg --print-architecture)`)
    expect(dockerfile).toContain(` ${pgmqFile('made')} `)
    expect(said('COPY')).toContain(`--from=extensions /extensions/made ${folders.extensions}`)
  })

  it('runs as the pods do', () => {
    expect(said('USER')).toEqual([`${podSecurity.runAsUser}:${podSecurity.runAsGroup}`])
    expect(said('EXPOSE')).toEqual([Object.values(ports).join(' ')])
    expect(JSON.parse(said('CMD')[0] ?? '')).toEqual(programs.server)
    expect(dockerfile).toContain(`EXTENSION_DIR=${folders.extensions} LAKE_DIR=${folders.lake}`)
  })

  it('keeps the packages that the service imports, and no others', () => {
    const imported: readonly string[] = JSON.parse(readFileSync('.build/packages.json', 'utf8'))
    expect(imported.filter(name => !(name in packageJson.dependencies))).toEqual([])
    expect(imported).toContain('@duckdb/node-api')
    expect(imported.filter(name => /^(cdk8s|constructs|tsx|esbuild|@grafana)/.test(name))).toEqual([])
  })
})

describe('the archive that needs no builder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is made by the steps of the Dockerfile', () => {
    const { copied, install, build, reduce, prune } = buildSteps
    const [packages, ...sources] = said('COPY').slice(1, 4)
    expect([packages?.replace(/ [.][/]$/, ''), ...sources.map(words => words.split(' ')[0])].join(' ')).toBe(copied.join(' '))
    expect(said('RUN')[1]).toBe(install.join(' '))
    expect(said('RUN')[2]).toBe([build, reduce, prune].map(words => words.join(' ')).join(' && '))
    expect(dockerfile).toContain(`RUN pip download ${fetchWords.join(' ')} `)
  })

  it('has what the Dockerfile puts into the image, and starts the same with it', () => {
    const { copied, ...config } = readDockerfile('.')
    expect(copied).toEqual([authorities, folders.extensions, ...appContent.map(name => `${appFolder}/${name}`)])
    expect(config).toEqual({
      env: ['HOME=/app', 'NODE_ENV=production', `EXTENSION_DIR=${folders.extensions}`, `LAKE_DIR=${folders.lake}`],
      workingDir: appFolder,
      user: '10001:10001',
      ports: ['8080', '9464'],
      command: programs.server,
    })
    expect(nodeVersion).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('holds its layers as they are named, and is the same when it is made again', async () => {
    const layer = join(folder, 'layer')
    mkdirSync(join(layer, 'usr', 'bin'), { recursive: true })
    symlinkSync('usr/bin', join(layer, 'bin'))
    writeFileSync(join(layer, 'usr', 'bin', 'program'), '#!/bin/sh\n', { mode: 0o755 })
    const [first, second] = [join(folder, 'first.tar'), join(folder, 'second.tar')]
    const image = { tag: 'some/image:1', config: readDockerfile('.'), layers: [layer] }
    for (const file of [first, second]) expect(await writeArchive(file, image)).toBe(readFileSync(file).length)
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true)

    const content = join(folder, 'content')
    mkdirSync(content)
    await extract({ file: first, cwd: content })
    const [{ Config, RepoTags, Layers }] = JSON.parse(readFileSync(join(content, 'manifest.json'), 'utf8'))
    const { rootfs, config } = JSON.parse(readFileSync(join(content, Config), 'utf8'))
    const digest = createHash('sha256')
      .update(readFileSync(join(content, Layers[0])))
      .digest('hex')
    expect([RepoTags, rootfs.diff_ids, Layers, config.User]).toEqual([
      ['some/image:1'],
      [`sha256:${digest}`],
      [`${digest}.tar`],
      '10001:10001',
    ])
    const entries: string[] = []
    await list({
      file: join(content, Layers[0]),
      onReadEntry: ({ path, mode, uid }) => entries.push(`${path} ${mode?.toString(8)} ${uid ?? 0}`),
    })
    expect(entries).toEqual(['bin 755 0', 'usr/ 755 0', 'usr/bin/ 755 0', 'usr/bin/program 755 0'])
  })

  it('has the programs that the service runs', () => {
    const sources = ['service/start-child.ts', 'service/engine-pool/result-pipe.ts'].map(file => readFileSync(file, 'utf8')).join()
    const run = [...sources.matchAll(/'\/bin\/(\w+)'|execFile\)\('(\w+)'/g)].map(([, path, name]) => path ?? name)
    expect(run.sort()).toEqual([...spawnedPrograms].sort())
  })

  it.skipIf(process.platform !== 'linux')('has the libraries of its programs', () => {
    const root = join(folder, 'root')
    makeRoot(root)
    copyProgram(root, '/bin/sh', '/usr/bin/sh')
    const library = String(spawnSync('ldd', ['/bin/sh'], { encoding: 'utf8' }).stdout).match(/=> (\S+libc\S*)/)?.[1]
    expect(statSync(join(root, String(library))).size).toBe(statSync(String(library)).size)
    expect(statSync(join(root, 'bin', 'sh')).mode & 0o777).toBe(0o755)
  })
})

describe('npm run image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'builders-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs it where only these builders are. */
  function image(builders: Readonly<Record<string, string>>, ...words: string[]) {
    for (const tool of ['docker', 'podman', 'buildah']) rmSync(join(folder, tool), { force: true })
    for (const [tool, script] of Object.entries(builders)) {
      writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, tool), 0o755)
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx/esm', 'main.ts', 'image', ...words], {
      encoding: 'utf8',
      env: { ...process.env, PATH: folder },
    })
    return { status, out: stdout, error: stderr }
  }

  it('says why each builder cannot, where none can', () => {
    expect(image({ docker: 'echo "Cannot connect to the Docker daemon." >&2; exit 1' })).toEqual({
      status: 1,
      out: '',
      error:
        'There is nothing here that builds images:\n  docker: Cannot connect to the Docker daemon.\n  podman: it is not on the PATH\n  buildah: it is not on the PATH\nStart or install one of them, then run the command again.\n',
    })
  })

  it('takes the first that can, and ends as it does', () => {
    const built = image({ docker: 'exit 1', podman: '[ "$1" = info ] || { echo "built by $*"; exit 7; }' })
    const words = `build --file service/Dockerfile --tag ducklake-platform/service:${packageJson.version} .`
    expect(built).toEqual({ status: 7, out: `$ podman ${words}\nbuilt by ${words}\n`, error: '' })
  })

  it('takes another name', () => {
    expect(image({}, '--dry-run', '--tag', 'registry.example/lake:2').out).toBe(
      '$ docker build --file service/Dockerfile --tag registry.example/lake:2 .\n',
    )
  })
})
