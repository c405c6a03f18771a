import type { FileStore } from '../files/file-store.ts'
import { backupIds, readBackup } from './find-backup.ts'
import { filePath, manifestPath } from './manifest.ts'

/** Backups and files that were removed, and backups that are left. */
export interface Pruned {
  readonly removed: number
  readonly removedFiles: number
  readonly left: number
}

/** Removes all but the newest backups of a place, and data files that none of those refers to. Nothing else may be writing to it: a backup at
 * work has files there that no manifest names yet. */
export async function pruneBackups(store: FileStore, keep: number, say: (line: string) => void): Promise<Pruned> {
  const manifests = []
  const unfinished: string[] = []
  for (const id of await backupIds(store)) {
    const manifest = await readBackup(store, id).catch(() => undefined)
    if (manifest) manifests.push(manifest)
    else unfinished.push(id)
  }
  const kept = manifests.slice(0, keep)
  const going = [...manifests.slice(keep).map(({ id }) => id), ...unfinished]
  for (const id of going) {
    // First what makes it count: half a backup must not look like a whole one.
    await store.remove(manifestPath(id))
    for await (const { path } of store.list(`${id}/`)) await store.remove(path)
  }
  const needed = new Set(kept.flatMap(({ files }) => files.map(({ path }) => filePath(path))))
  let files = 0
  for await (const { path } of store.list(filePath(''))) {
    if (needed.has(path)) continue
    await store.remove(path)
    files += 1
  }
  say(`Removed ${going.length} older backups and ${files} files; ${kept.length} are left.`)
  return { removed: going.length, removedFiles: files, left: kept.length }
}
