import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { ImageConfig } from './dockerfile.ts'
import { packFolder } from './pack-folder.ts'

export interface ImageContent {
  /** `name:tag` */
  readonly tag: string
  readonly config: Omit<ImageConfig, 'copied'> & { readonly entrypoint?: readonly string[] }
  /** Folders, the lowest layer first. */
  readonly layers: readonly string[]
}

/** Writes an image as `docker save` does: `docker load`, `kind load image-archive`, `k3d image import` and `ctr images import` take it.
 * @returns its size in bytes */
export async function writeArchive(file: string, { tag, config, layers }: ImageContent): Promise<number> {
  const work = mkdtempSync(join(tmpdir(), 'image-'))
  try {
    const content = join(work, 'content')
    mkdirSync(content)
    const digests: string[] = []
    for (const layer of layers) {
      const digest = await packFolder(layer, join(work, 'layer.tar'))
      renameSync(join(work, 'layer.tar'), join(content, `${digest}.tar`))
      digests.push(digest)
    }
    const text = JSON.stringify(describeImage(config, digests))
    const configFile = `${createHash('sha256').update(text).digest('hex')}.json`
    writeFileSync(join(content, configFile), text)
    const manifest = [{ Config: configFile, RepoTags: [tag], Layers: digests.map(digest => `${digest}.tar`) }]
    writeFileSync(join(content, 'manifest.json'), JSON.stringify(manifest))
    mkdirSync(dirname(resolve(file)), { recursive: true })
    await packFolder(content, `${file}.new`)
    renameSync(`${file}.new`, file)
    return statSync(file).size
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function describeImage(config: ImageContent['config'], digests: readonly string[]) {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: [path, ...config.env],
      WorkingDir: config.workingDir,
      User: config.user,
      ExposedPorts: Object.fromEntries(config.ports.map(port => [`${port}/tcp`, {}])),
      ...(config.entrypoint && { Entrypoint: config.entrypoint }),
      Cmd: config.command,
    },
    rootfs: { type: 'layers', diff_ids: digests.map(digest => `sha256:${digest}`) },
    history: digests.map(() => ({ created_by: 'npm run image' })),
  }
}
