import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, type Dirent } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileStore, StoredFile } from './file-store.ts'

/** What a file is called while it is being written. */
const unfinished = '.unfinished'

/** Files of this machine, readable by their owner only. */
export class FolderStore implements FileStore {
  constructor(readonly place: string) {}

  async *list(under = ''): AsyncGenerator<StoredFile> {
    for (const entry of await entriesOf(join(this.place, under))) {
      const path = `${under}${entry.name}`
      if (entry.isDirectory()) yield* this.list(`${path}/`)
      else if (!entry.name.endsWith(unfinished)) yield { path, bytes: (await stat(join(this.place, path))).size }
    }
  }

  async folders(): Promise<string[]> {
    const entries = await entriesOf(this.place)
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  }

  async read(path: string): Promise<Readable> {
    const file = await open(join(this.place, path))
    return createReadStream('', { fd: file })
  }

  async write(path: string, body: Readable): Promise<void> {
    const file = join(this.place, path)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    try {
      // Flushed before it gets its name: after a power cut there is the whole file or none.
      await pipeline(body, createWriteStream(`${file}${unfinished}`, { mode: 0o600, flush: true }))
      await rename(`${file}${unfinished}`, file)
    } catch (error) {
      await rm(`${file}${unfinished}`, { force: true })
      throw error
    }
  }

  async writeNew(path: string, bytes: Buffer): Promise<boolean> {
    const file = join(this.place, path)
    // A name of its own: two may be at it.
    const own = `${file}.${randomUUID()}${unfinished}`
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    try {
      await writeFile(own, bytes, { mode: 0o600, flush: true })
      // Other than a renaming, a second name fails where there is a file.
      await link(own, file)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw error
    } finally {
      await rm(own, { force: true })
    }
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.place, path), { force: true })
    await removeEmptyFolders(this.place, dirname(path))
  }
}

/** Removes folders in which nothing is left, as there are none in a bucket. @param folder within the root, which stays; and those above it */
export async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let each = folder; each !== '.'; each = dirname(each)) if (!(await removeIfEmpty(join(root, each)))) return
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOTEMPTY', 'ENOENT', 'ENOTDIR'].includes(String(error.code))) return false
    throw error
  }
}

/** None where there is no folder. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
