import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { lakeFilesSql } from '../catalog/lake-files.ts'
import { type FileStore, sizesIn } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { filePath, type SavedFile } from './manifest.ts'
import { Meter } from './meter.ts'

/** Files on their way at the same time. */
const copiesAtOnce = 4

/** Every file that the catalog refers to, by its place within the lake's. @param reader in the view that was dumped
 * @throws StartupError that names a file which lies elsewhere or belongs to no table. */
export async function referencedFiles(reader: Client, dataPath: string): Promise<SavedFile[]> {
  const { rows } = await reader.query<{ kind: string; id: string; path: string | null; bytes: string }>(
    `SELECT kind, file_id AS id, path, bytes FROM (${lakeFilesSql('public')}) AS file ORDER BY path`,
  )
  const files = new Map<string, SavedFile>()
  for (const { kind, id, path, bytes } of rows) {
    if (path === null) throw new StartupError(`The ${kind} file ${id} belongs to a table that public.ducklake_table does not have.`)
    if (!path.startsWith(dataPath))
      throw new StartupError(`The ${kind} file ${path} lies outside of ${dataPath}, and a backup of the lake would not hold it.`)
    const within = path.slice(dataPath.length)
    files.set(within, { path: within, bytes: Number(bytes) })
  }
  return [...files.values()]
}

/** Sees to it that each file is there with the size that the catalog says. One listing; no file is read.
 * @param under the folder of the store that they are in
 * @throws StartupError that names the first ones which are not. */
export async function assertFiles(store: FileStore, files: readonly SavedFile[], under = ''): Promise<void> {
  const sizes = await sizesIn(store, under)
  const wrong = files.flatMap(({ path, bytes }) => {
    const found = sizes.get(`${under}${path}`)
    if (found === bytes) return []
    return [found === undefined ? `${path} is missing` : `${path} has ${found} bytes and not ${bytes}`]
  })
  if (wrong.length === 0) return
  const more = wrong.length > maxNamed ? `, and ${wrong.length - maxNamed} more` : ''
  throw new StartupError(`In ${store.place}${under}, ${wrong.slice(0, maxNamed).join(', ')}${more}.`)
}

const maxNamed = 10

export interface Saved {
  readonly files: readonly SavedFile[]
  readonly copied: number
  readonly copiedBytes: number
}

/** Copies what the backup's place does not have yet. @param known files of the backup before this one */
export async function saveFiles(from: FileStore, to: FileStore, files: readonly SavedFile[], known: readonly SavedFile[]): Promise<Saved> {
  const there = await sizesIn(to, filePath(''))
  const before = new Map(known.map(file => [file.path, file]))
  const saved: SavedFile[] = []
  let [copied, copiedBytes] = [0, 0]
  await eachOf(files, copiesAtOnce, async file => {
    const earlier = before.get(file.path)
    if (earlier?.sha256 !== undefined && earlier.bytes === file.bytes && there.get(filePath(file.path)) === file.bytes) {
      saved.push(earlier)
      return
    }
    saved.push(await copyFile(from, file.path, to, filePath(file.path), file))
    copied += 1
    copiedBytes += file.bytes
  })
  saved.sort((one, other) => (one.path < other.path ? -1 : 1))
  return { files: saved, copied, copiedBytes }
}

/** Copies a file and makes sure that it is the one that was meant. @returns it with its checksum. @throws StartupError that names it */
export async function copyFile(from: FileStore, path: string, to: FileStore, toPath: string, expected: SavedFile): Promise<SavedFile> {
  const meter = new Meter()
  try {
    const body = await from.read(path)
    await Promise.all([pipeline(body, meter), to.write(toPath, meter)])
  } catch (error) {
    throw new StartupError(
      `${from.place}${path} could not be copied to ${to.place}${toPath}: ${error instanceof Error ? error.message : error}.`,
    )
  }
  const { bytes, sha256 } = meter
  if (bytes === expected.bytes && sha256 === (expected.sha256 ?? sha256)) return { path: expected.path, bytes, sha256 }
  await to.remove(toPath)
  const what = bytes === expected.bytes ? 'other bytes than it had when it was saved' : `${bytes} bytes and not ${expected.bytes}`
  throw new StartupError(`${from.place}${path} has ${what}.`)
}

/** Works on all of them, a few at a time. */
export async function eachOf<Item>(items: readonly Item[], atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
