import { createHash } from 'node:crypto'
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { create } from 'tar'

/** Writes everything below a folder as a tar. The same files give the same bytes: entries by name, of root, without times.
 * @returns the SHA-256 of the file, in hexadecimal */
export async function packFolder(folder: string, file: string): Promise<string> {
  await create({ file, cwd: folder, portable: true, noDirRecurse: true, mtime: new Date(0) }, [...pathsIn(folder)])
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Folders before what is in them; links stay links. */
function* pathsIn(folder: string, below = ''): Generator<string> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(below, entry.name)
    yield path
    if (entry.isDirectory()) yield* pathsIn(folder, path)
  }
}
