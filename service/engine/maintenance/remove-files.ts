import { quote } from '../../catalog/quote.ts'
import type { Session } from '../open-statement.ts'
import { withoutPrefix } from './live-files.ts'
import { filesReport, type MaintenanceReport, nothing } from './maintenance-report.ts'
import { catalogSchema, readDataPath, readRows } from './read-catalog.ts'

/** `clean-up`: files that no version needs any more; DuckLake noted when that became so. `orphans`: Parquet files that no version ever
 * needed, left by writers that were killed. */
const functions = { 'clean-up': 'ducklake_cleanup_old_files', orphans: 'ducklake_delete_orphaned_files' } as const

/** Removes files for good. Neither the catalog nor DuckLake's own list has their sizes: those are looked up first. Files that are gone
 * already do not stop it. */
export async function removeFiles(
  { lake }: Pick<Session, 'lake'>,
  task: keyof typeof functions,
  before: string,
  dryRun: boolean,
  keptFiles: readonly string[] = [],
): Promise<MaintenanceReport> {
  const dataPath = await readDataPath(lake)
  const call = (dry: boolean) => `FROM ${functions[task]}('lake', older_than => ${before}, dry_run => ${dry})`
  const sizes = await readSizes({ lake }, dataPath)
  const kept = dryRun ? await readScheduled({ lake }, keptFiles, dataPath) : new Set<string>()
  const removed = (await readRows(lake, call(dryRun)))
    .map(([path]) => String(path))
    .filter(path => !kept.has(path))
    .sort()
  return {
    ...nothing,
    ...filesReport(removed.map(path => ({ path: withoutPrefix(path, dataPath), bytes: sizes.get(path) ?? 0 }))),
  }
}

/** Paths of those of the files that wait for the clean-up. */
async function readScheduled({ lake }: Pick<Session, 'lake'>, ids: readonly string[], dataPath: string): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await readRows(
    lake,
    `SELECT CASE WHEN path_is_relative THEN ${quote(dataPath)} ELSE '' END || path FROM ${catalogSchema}.ducklake_files_scheduled_for_deletion
     WHERE data_file_id IN (${ids.map(id => BigInt(id)).join(', ')})`,
  )
  return new Set(rows.map(([path]) => String(path)))
}

/** Sizes of everything that lies in the lake's place: one listing, no file is opened. */
async function readSizes({ lake }: Pick<Session, 'lake'>, dataPath: string): Promise<ReadonlyMap<string, number>> {
  const rows = await readRows(lake, `SELECT filename, size FROM read_blob(${quote(`${dataPath}**`)})`)
  return new Map(rows.map(([path, size]) => [String(path), Number(size)]))
}
