import { randomUUID } from 'node:crypto'
import { constants, mkdirSync, realpathSync } from 'node:fs'
import { type FileHandle, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ownSpillFolder, removeSpillFolder } from '../engine-pool/spill-folder.ts'
import { ServiceError } from '../errors.ts'
import { removeEmptyFolders } from '../files/folder-store.ts'
import type { DatasetName } from '../lineage/names.ts'
import { assertFreeSpace, isDiskFull } from '../spool/free-space.ts'
import type { ByteRange } from './byte-range.ts'
import { KeptProperties } from './kept-properties.ts'
import { type ListEntry, type ListOrder, type NewObject, noObject, type ObjectProperties, type ObjectStore } from './object-store.ts'
import { walkKeys } from './walk-keys.ts'

const writeBytes = 1_048_576
const spaceEveryBytes = 67_108_864

/** Objects as files of this machine, each under its key, for one process. */
export class FolderObjects implements ObjectStore {
  private readonly properties: KeptProperties
  /** What gives files their names or takes them away: one after the other. */
  private turn: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly root: string,
    /** Where uploads lie until they are whole; on the same file system, and no key leads there. */
    private readonly incoming: string,
    properties: string,
  ) {
    this.properties = new KeptProperties(properties)
  }

  static open(folder: string): FolderObjects {
    const [root, incoming] = [join(folder, 'datasets'), join(folder, 'incoming')]
    for (const each of [root, incoming]) mkdirSync(each, { recursive: true, mode: 0o700 })
    return new FolderObjects(realpathSync.native(root), ownSpillFolder(incoming), join(folder, 'properties'))
  }

  async find(key: string): Promise<ObjectProperties> {
    const found = await this.openFile(key)
    if (!found) throw noObject(key)
    await found.file.close()
    return found.properties
  }

  async read({ key, etag }: ObjectProperties, range?: ByteRange): Promise<Readable | undefined> {
    const found = await this.openFile(key)
    if (found?.properties.etag === etag) return found.file.createReadStream({ ...range, highWaterMark: writeBytes })
    await found?.file.close()
    return undefined
  }

  async write(key: string, body: AsyncIterable<Buffer>, { contentType, onlyNew }: NewObject): Promise<string> {
    const path = join(this.incoming, randomUUID())
    const etag = randomUUID().replaceAll('-', '')
    try {
      const file = await open(path, 'wx', 0o600)
      // Flushed before it gets its name: after a power cut there is the whole object or none.
      await pipeline(this.whileThereIsSpace(body), file.createWriteStream({ highWaterMark: writeBytes, flush: true }))
      await this.inTurn(() => this.place(path, key, { etag, contentType }, onlyNew))
    } catch (error) {
      await rm(path, { force: true })
      throw isDiskFull(error) ? new ServiceError('storageFull', 'The disk is full. Nothing was kept: try again later.') : error
    }
    return etag
  }

  async remove(key: string): Promise<void> {
    await this.inTurn(async () => {
      const found = await this.openFile(key)
      if (!found) throw noObject(key)
      await found.file.close()
      await rm(this.pathOf(key))
      await this.properties.forget(key, found.stats)
      await removeEmptyFolders(this.root, dirname(key))
    })
  }

  async list({ limit, ...order }: ListOrder): Promise<readonly ListEntry[]> {
    const entries: ListEntry[] = []
    for await (const name of walkKeys(this.root, order)) {
      if (entries.length === limit) break
      if (name.endsWith('/')) entries.push({ prefix: name })
      else {
        const found = await this.openFile(name)
        await found?.file.close()
        if (found) entries.push(found.properties)
      }
    }
    return entries
  }

  async presign(): Promise<string> {
    throw new ServiceError(
      'notSupported',
      'Objects lie in a folder of this machine, which nobody reaches but the service: presigned addresses need S3_RAW_PATH. Use /v1/objects.',
    )
  }

  datasetOf(key: string): DatasetName {
    return { object: key }
  }

  async sweep(): Promise<void> {}

  close(): void {
    removeSpillFolder(this.incoming)
  }

  private pathOf(key: string): string {
    return join(this.root, key)
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.turn.then(work)
    this.turn = done.catch(() => {})
    return done
  }

  /** Gives a file that is whole its name. */
  private async place(path: string, key: string, kept: { etag: string; contentType: string }, onlyNew: boolean): Promise<void> {
    const target = this.pathOf(key)
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await this.assertOwnName(dirname(target), key)
      const before = await this.openFile(key)
      await before?.file.close()
      if (before && onlyNew)
        throw new ServiceError('preconditionFailed', `There is an object ${key} already, and If-None-Match wants none.`)
      if (!before) await this.assertOwnName(target, key)
      const stats = await stat(path, { bigint: true })
      await this.properties.keep(key, stats, kept)
      await rename(path, target).catch(async (error: unknown) => {
        await this.properties.forget(key, stats)
        throw error
      })
      await syncFolder(dirname(target))
      if (before) await this.properties.forget(key, before.stats)
    } catch (error) {
      await removeEmptyFolders(this.root, dirname(key))
      throw collided(error, key)
    }
  }

  /** @returns undefined if there is no such file under exactly this name: not every file system tells upper and lower case apart. */
  private async openFile(key: string) {
    const path = this.pathOf(key)
    let file: FileHandle | undefined
    try {
      file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      const stats = await file.stat({ bigint: true })
      if (stats.isFile() && (await realpath(path)) === path) {
        const kept = await this.properties.read(key, stats)
        const properties = { key, bytes: Number(stats.size), modifiedAt: new Date(Number(stats.mtimeMs)), ...kept }
        return { file, stats, properties }
      }
    } catch (error) {
      await file?.close()
      if (codeOf(error) && absent.has(codeOf(error))) return undefined
      throw error
    }
    await file.close()
    return undefined
  }

  /** @throws ServiceError conflict if the file system takes the name for another one's */
  private async assertOwnName(path: string, key: string): Promise<void> {
    const real = await realpath(path).catch(() => path)
    if (real !== path)
      throw new ServiceError(
        'conflict',
        `${key}: to this file system the name is the same as ${real.slice(this.root.length + 1)}, which is there.`,
      )
  }

  private async *whileThereIsSpace(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let [written, lookAt] = [0, 0]
    for await (const chunk of body) {
      if (written >= lookAt) {
        await assertFreeSpace(this.incoming, chunk.length)
        lookAt += spaceEveryBytes
      }
      written += chunk.length
      yield chunk
    }
  }
}

const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG'])

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** In a folder a name is a file's or a folder's. */
function collided(error: unknown, key: string): unknown {
  const code = codeOf(error)
  if (!['ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY'].includes(code)) return error
  const what = code === 'EISDIR' || code === 'ENOTEMPTY' ? `there are objects below ${key}/` : `a part of ${key} is an object itself`
  return new ServiceError('conflict', `In a folder a name is either an object or has others below it, and ${what}: choose another key.`)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}
