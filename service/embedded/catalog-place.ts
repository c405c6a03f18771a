import { createHash } from 'node:crypto'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../startup-error.ts'
import { writeWhole } from './kept-files.ts'

/** Where a root-started lake keeps what the unprivileged user must reach. */
export const rootBase = '/var/lib/ducklake-platform'

/** Where the catalog of a root-started lake lies: as the lake's folder remembers, so that it is found again after the folder was moved. */
export function catalogPlace(path: string): string {
  return read(memory(path)) ?? join(rootBase, createHash('sha256').update(path).digest('hex').slice(0, 12))
}

/** Ties the two places together. @throws StartupError if the catalog belongs to another folder that still is there: two of them would write
 * into one catalog, and each would miss the other's files. */
export function keepCatalogPlace(path: string, base: string): void {
  const owner = join(base, 'lake-folder')
  const other = read(owner)
  if (
    other !== undefined &&
    other !== path &&
    existsSync(other) &&
    realpathSync(other) !== realpathSync(path) &&
    catalogPlace(other) === base
  )
    throw new StartupError(
      `${path} is a copy of ${other}: both have their catalog in ${base}. Remove the copy, or choose another folder with LAKE_DIR.`,
    )
  if (other !== path) writeWhole(owner, `${path}\n`)
  if (read(memory(path)) !== base) writeWhole(memory(path), `${base}\n`)
}

function memory(path: string): string {
  return join(path, 'catalog-place')
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
