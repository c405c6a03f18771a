import { text } from 'node:stream/consumers'
import type { FileStore } from '../files/file-store.ts'
import { StartupError } from '../startup-error.ts'
import { type Manifest, manifestPath, parseManifest } from './manifest.ts'

/** Folders that hold backups, whole or not, are called by their ids. */
const idForm = /^\d{8}T\d{6}Z-\d+$/

/** What a backup of that time and version is called: in the order of their names, the newest comes last. */
export function backupId(at: Date, snapshotId: string): string {
  return `${at.toISOString().replace(/[-:]|\.\d+/g, '')}-${snapshotId}`
}

/** The ids of all backups of a place, those without a manifest too, the newest first. */
export async function backupIds(store: FileStore): Promise<string[]> {
  return (await store.folders())
    .filter(name => idForm.test(name))
    .sort()
    .reverse()
}

/** @throws StartupError if there is none of that id, or if it was never finished. */
export async function readBackup(store: FileStore, id: string): Promise<Manifest> {
  const where = `${store.place}${manifestPath(id)}`
  const content = await tryRead(store, id)
  if (content === undefined) throw new StartupError(`${where} is not there: there is no such backup, or it was never finished.`)
  return parseManifest(content, where)
}

/** The newest backup that was finished; nothing if there is none. @throws StartupError if its manifest is broken */
export async function newestBackup(store: FileStore): Promise<Manifest | undefined> {
  for (const id of await backupIds(store)) {
    const content = await tryRead(store, id)
    if (content !== undefined) return parseManifest(content, `${store.place}${manifestPath(id)}`)
  }
  return undefined
}

async function tryRead(store: FileStore, id: string): Promise<string | undefined> {
  try {
    return await text(await store.read(manifestPath(id)))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || ('code' in error && error.code === 'ENOENT'))
}
