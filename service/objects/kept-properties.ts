import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const properties = Type.Object({ etag: Type.String(), contentType: Type.String() })

interface Kept {
  readonly etag: string
  readonly contentType: string
}

/** What a file system does not keep with a file. It lies in a file beside it that is named after the key and after this very file, so that
 * it is there before the object is, and never that of another upload. */
export class KeptProperties {
  constructor(private readonly folder: string) {}

  /** Of a file that came here by other ways, what can be said of it. */
  async read(key: string, file: BigIntStats): Promise<Kept> {
    try {
      const kept: unknown = JSON.parse(await readFile(this.pathOf(key, file), 'utf8'))
      if (Value.Check(properties, kept)) return kept
    } catch (error) {
      if (!(error instanceof SyntaxError || isMissing(error))) throw error
    }
    return { etag: `${file.size}-${file.mtimeNs}`, contentType: 'application/octet-stream' }
  }

  async keep(key: string, file: BigIntStats, kept: Kept): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await writeFile(this.pathOf(key, file), JSON.stringify(kept), { mode: 0o600, flush: true })
  }

  async forget(key: string, file: BigIntStats): Promise<void> {
    await rm(this.pathOf(key, file), { force: true })
  }

  private pathOf(key: string, { ino, size, mtimeNs }: BigIntStats): string {
    const name = createHash('sha256')
      .update(JSON.stringify([key, `${ino}`, `${size}`, `${mtimeNs}`]))
      .digest('hex')
    return join(this.folder, `${name}.json`)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
