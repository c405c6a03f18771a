import { createHash } from 'node:crypto'
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartupError } from '../startup-error.ts'
import { catalogPlace, keepCatalogPlace, rootBase } from './catalog-place.ts'
import { writeWhole } from './kept-files.ts'

/** Of the folder's layout. A newer program raises it when an older one could no longer read the folder. */
const format = 1

/** The longest path that a Unix socket may have on every system, less PostgreSQL's file name in it. */
const maxSocketFolderLength = 103 - '/.s.PGSQL.5432.lock'.length

/** PostgreSQL refuses to run as root. This is `nobody` on every Unix, who owns nothing else. */
export const unprivilegedUser = 65534

export interface LakeFolder {
  readonly path: string
  /** Parquet files; DuckLake deletes what it does not know in here. */
  readonly data: string
  /** PostgreSQL's own folder, its parent owned by whoever runs it. */
  readonly postgres: string
  /** Sockets: short, and closed to other users. */
  readonly run: string
  readonly spill: string
  /** Results that are kept for a while. */
  readonly results: string
  /** Logs of published tables; ends with `/`. */
  readonly published: string
  /** Who runs PostgreSQL if it is somebody else than us. */
  readonly postgresUser: number | undefined
}

/** Where everything of a lake lies. As root, the catalog lies apart from the rest. */
export function foldersOf(path: string, uid = process.getuid?.()): LakeFolder & { readonly base: string } {
  const asRoot = uid === 0
  const name = createHash('sha256').update(path).digest('hex').slice(0, 12)
  const base = asRoot ? catalogPlace(path) : path
  const near = join(base, 'run')
  return {
    path,
    base,
    data: join(path, 'data'),
    postgres: join(base, 'postgres'),
    run: near.length <= maxSocketFolderLength ? near : join(tmpdir(), `ducklake-${uid ?? ''}-${name}`),
    spill: join(path, 'spill'),
    results: join(path, 'results'),
    published: join(path, 'published/'),
    postgresUser: asRoot ? unprivilegedUser : undefined,
  }
}

/** Makes the folders of a lake that are missing. @throws StartupError if that is not allowed, or if a newer program has been here. */
export function openLakeFolder(path: string, uid = process.getuid?.()): LakeFolder {
  const folder = foldersOf(path, uid)
  const { base, run, postgresUser: owner } = folder
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    assertFormat(path)
    for (const inside of [folder.data, folder.spill, folder.results]) mkdirSync(inside, { recursive: true, mode: 0o700 })
    // Its parents stay open to walk through, or the unprivileged user would not reach its own folder.
    if (owner !== undefined) mkdirSync(rootBase, { recursive: true, mode: 0o755 })
    for (const own of [base, folder.postgres, run]) {
      mkdirSync(own, { recursive: true, mode: 0o700 })
      if (owner !== undefined) chownSync(own, owner, owner)
    }
    if (owner !== undefined) keepCatalogPlace(path, base)
  } catch (error) {
    if (error instanceof StartupError || !(error instanceof Error)) throw error
    throw new StartupError(
      `The lake's folder ${path} cannot be written: ${error.message}. Choose another with LAKE_DIR, or change its permissions.`,
    )
  }
  // In a folder that everybody may write to, somebody else could have made it first.
  if (lstatSync(run).uid !== (owner ?? uid)) throw new StartupError(`${run} belongs to another user: remove it, or set another TMPDIR.`)
  assertCatalogThere(folder)
  return folder
}

/** Without their catalog the files are worth nothing, and a new one beside them would only hide that. */
function assertCatalogThere({ data, postgres }: LakeFolder): void {
  if (existsSync(join(postgres, 'data')) || readdirSync(data).length === 0) return
  throw new StartupError(
    `The catalog of the files in ${data} is not in ${postgres}: start as the user who made the lake, restore that folder, or choose another with LAKE_DIR.`,
  )
}

function assertFormat(path: string): void {
  const file = join(path, 'version.json')
  if (!existsSync(file)) {
    writeWhole(file, `${JSON.stringify({ format })}\n`)
    return
  }
  const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const theirs = typeof found === 'object' && found !== null && 'format' in found ? Number(found.format) : Number.NaN
  if (theirs > format) {
    throw new StartupError(
      `${path} is of format ${theirs}, this program knows format ${format}: update the program, or choose another folder with LAKE_DIR.`,
    )
  }
  if (theirs !== format)
    throw new StartupError(`${file} does not say which format the folder has: restore it, or choose another folder with LAKE_DIR.`)
}
