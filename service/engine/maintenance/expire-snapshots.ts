import { lakeFilesSql } from '../../catalog/lake-files.ts'
import type { Session } from '../open-statement.ts'
import { listed, withoutPrefix } from './live-files.ts'
import { filesReport, type MaintenanceReport, maxListed, nothing } from './maintenance-report.ts'
import { catalogSchema, readDataPath, readRows } from './read-catalog.ts'

/** Snapshots of one statement: their ids stand in its text. */
const perStatement = 1_000

/** Makes versions of the lake that are older than a time unreadable; the newest always stays. Their files become ones that the clean-up
 * may remove. The report lists these: what only the expired versions are made of. */
export async function expireSnapshots({ lake }: Pick<Session, 'lake'>, before: string, dryRun: boolean): Promise<MaintenanceReport> {
  const old = `SELECT snapshot_id FROM ${catalogSchema}.ducklake_snapshot
    WHERE snapshot_time < ${before} AND snapshot_id < (SELECT max(snapshot_id) FROM ${catalogSchema}.ducklake_snapshot)`
  const dataPath = await readDataPath(lake)
  const snapshots = (await readRows(lake, `${old} ORDER BY snapshot_id`)).map(([id]) => String(id))
  const files = await readRows(
    lake,
    `WITH old AS (${old}), kept AS (FROM ${catalogSchema}.ducklake_snapshot ANTI JOIN old USING (snapshot_id))
     SELECT file.path, file.bytes FROM (${lakeFilesSql(catalogSchema)}) AS file
     WHERE file.end_snapshot IS NOT NULL
       AND NOT EXISTS (FROM kept WHERE kept.snapshot_id >= file.begin_snapshot AND kept.snapshot_id < file.end_snapshot)
     ORDER BY file.path`,
  )
  if (!dryRun) {
    for (let first = 0; first < snapshots.length; first += perStatement) {
      const ids = snapshots.slice(first, first + perStatement)
      await lake.run(`FROM ducklake_expire_snapshots('lake', versions => [${ids.join(', ')}])`)
    }
  }
  return {
    ...nothing,
    ...filesReport(files.map(([path, bytes]) => listed({ path: withoutPrefix(String(path), dataPath), bytes: Number(bytes) }))),
    snapshots: snapshots.slice(0, maxListed),
    snapshotCount: snapshots.length,
  }
}
