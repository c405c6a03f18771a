import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { images } from '../../versions.ts'
import { readDockerfile } from './dockerfile.ts'
import { makeLayers } from './make-layers.ts'
import { writeArchive } from './write-archive.ts'

interface ArchiveOptions {
  readonly root: string
  readonly file: string
  /** @default - the name that the manifests have */
  readonly tag?: string
}

/** Makes the service's image without a builder and without a registry of images, and writes it as an archive. @returns 0 */
export async function archiveImage({ root, file, tag }: ArchiveOptions): Promise<number> {
  const name = tag ?? `${images.ducklakeService.source}:${images.ducklakeService.version}`
  const work = mkdtempSync(join(tmpdir(), 'image-layers-'))
  try {
    const bytes = await writeArchive(file, { tag: name, config: readDockerfile(root), layers: await makeLayers(root, work) })
    console.log(`${file} holds the image ${name}, ${Math.round(bytes / 1_048_576)} MiB.`)
    return 0
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
