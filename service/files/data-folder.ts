import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type LakeConnection, placeOf } from '../catalog/lake-connection.ts'
import { type FileStore, openStore } from './file-store.ts'

/** How much of a file is read at once on its way to a bucket. */
const chunkBytes = 1_048_576

/** Where the lake's Parquet files lie. */
export class DataFolder {
  private store: Promise<FileStore> | undefined

  constructor(private readonly lake: Pick<LakeConnection, 'storage' | 'dataPath'>) {}

  /** Makes a file of this machine one of the lake's, under a new name. It may be removed afterwards where it was.
   * @param folder of a table, within the lake's; ends with `/`. @returns its path as DuckDB knows it */
  async take(file: string, folder: string): Promise<string> {
    const path = `${folder}ducklake-${randomUUID()}.parquet`
    const { dataPath, storage } = this.lake
    if (storage.kind === 'folder') await keep(file, dataPath + path)
    else {
      this.store ??= openStore(placeOf(this.lake))
      await (await this.store).write(path, createReadStream(file, { highWaterMark: chunkBytes }))
    }
    return dataPath + path
  }
}

/** On one disk the file gets a second name, which moves no byte. Bytes and name are on the disk before a commit can name it. */
async function keep(file: string, path: string): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true })
  await link(file, path).catch(() => copyFile(file, path))
  await sync(path, 'r+')
  // A name lies in its folder, and that of a new folder in the one above.
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    await sync(folder, 'r')
    if (made === undefined || folder === dirname(made)) return
  }
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const opened = await open(path, flags)
  await opened.sync().finally(() => opened.close())
}
