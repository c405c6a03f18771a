import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { environmentsPagePath } from '../environments-page/environments-page.ts'
import { InvalidValue } from '../invalid.ts'
import { generatedMarker } from '../lake-app.ts'

export interface OutputFolders {
  /** The repository's folder. */
  readonly root: string
  /** Where `dist/…` goes, from the root or absolute. */
  readonly dist: string
}

/** Where a rendered path lies on disk. */
export function placeOf(path: string, { root, dist }: OutputFolders): string {
  return path.startsWith('dist/') ? resolve(root, dist, path.slice('dist/'.length)) : resolve(root, path)
}

/** The text of every file that synthesis owns, by its rendered path.
 * @throws InvalidValue for a file that it did not write: the folders hold nothing else, so that what is stale can be removed. */
export function readCommitted(folders: OutputFolders): Map<string, string> {
  const committed = new Map<string, string>()
  for (const top of ['dist', 'helm-values']) {
    const folder = placeOf(`${top}/`, folders)
    for (const entry of filesBelow(folder)) {
      const path = `${top}/${relative(folder, entry).split(sep).join('/')}`
      const text = readFileSync(entry, 'utf8')
      if (!text.startsWith(generatedMarker)) throw new InvalidValue(`${path}: synthesis did not write this file. Move it elsewhere.`)
      committed.set(path, text)
    }
  }
  const page = placeOf(environmentsPagePath, folders)
  if (existsSync(page)) committed.set(environmentsPagePath, readFileSync(page, 'utf8'))
  return committed
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
