import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { compareKeys } from './compare-keys.ts'
import { isKey } from './object-key.ts'

/** Keys of the files below a folder, in their order, from behind one on. Folders that have none of them are not read.
 * @param prefix what they begin with. @param delimiter if given, keys that go on behind it are told by what comes before, once */
export async function* walkKeys(
  root: string,
  { prefix, delimiter, after }: { readonly prefix: string; readonly delimiter?: '/' | undefined; readonly after?: string | undefined },
): AsyncGenerator<string> {
  yield* walk(prefix.slice(0, prefix.lastIndexOf('/') + 1))

  async function* walk(folder: string): AsyncGenerator<string> {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(noFolder)
    const names = entries.filter(entry => entry.isFile() || entry.isDirectory())
    const keys = names.map(entry => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    for (const key of keys.sort(compareKeys)) {
      if (!key.startsWith(prefix) || !isKey(key.replace(/\/$/, ''))) continue
      const isPast = after !== undefined && compareKeys(key, after) <= 0
      if (!key.endsWith('/') || delimiter !== undefined) {
        if (!isPast) yield key
      } else if (!isPast || after?.startsWith(key)) yield* walk(key)
    }
  }
}

/** What is no folder has nothing below it. */
function noFolder(error: unknown): [] {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
  throw error
}
