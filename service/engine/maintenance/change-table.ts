import { quote } from '../../catalog/quote.ts'
import type { TableName } from '../../catalog/table-name.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite } from '../writes/commit-write.ts'
import { comparingFiles, type LiveFile, listed, readLiveFiles } from './live-files.ts'
import type { MaintenanceOrder } from './maintenance-order.ts'
import { addReports, filesReport, type MaintenanceReport, nothing } from './maintenance-report.ts'
import { planMerge, planRewrite } from './plan-compaction.ts'
import { readRows } from './read-catalog.ts'

type Lake = Pick<Session, 'lake'>
type TableOrder = MaintenanceOrder & { readonly table: TableName }

/** A merge takes that many groups of files at a time, each time in one commit: memory and time of each stay bounded. */
const groupsPerCommit = 16

/** With DuckLake's own default, 0.95, a table of half-deleted files is never rewritten. */
const defaultDeletedShare = 0.25

/** What a merge or a rewrite would do, in one table or in all. */
export async function planTables(
  { lake }: Lake,
  { task, table, deletedShare = defaultDeletedShare }: MaintenanceOrder,
): Promise<MaintenanceReport> {
  const tables = new Map<string, LiveFile[]>()
  for (const file of await readLiveFiles(lake, table)) {
    const key = JSON.stringify([file.table.schema, file.table.name])
    tables.set(key, [...(tables.get(key) ?? []), file])
  }
  let report = nothing
  for (const files of tables.values()) {
    const planned = task === 'compact' ? planMerge(files) : planRewrite(files, deletedShare)
    const [first] = planned
    if (first) report = addReports(report, { ...nothing, ...filesReport(planned.map(listed)), tables: [first.table] })
  }
  return report
}

/** Makes few large files out of many small ones. Every version of the table stays readable. */
export async function compactTable({ lake }: Lake, order: TableOrder): Promise<MaintenanceReport> {
  const { schema, name } = order.table
  const merge = `FROM ducklake_merge_adjacent_files('lake', ${quote(name)}, schema => ${quote(schema)}, max_compacted_files => ${groupsPerCommit})`
  const compared = await comparingFiles(lake, order.table, async () => {
    let snapshotId: string | undefined
    for (let groups = groupsPerCommit; groups >= groupsPerCommit; ) {
      const { merged, ...commit } = await commitWrite({ lake }, commitInfo(order), async () => ({
        merged: await processed({ lake }, merge),
      }))
      groups = merged
      if (groups > 0) snapshotId = commit.snapshotId
    }
    return snapshotId
  })
  return { ...nothing, ...compared, tables: [order.table] }
}

/** Writes files without the rows that were deleted from them. Older versions keep the old files. */
export async function rewriteDeletes({ lake }: Lake, order: TableOrder): Promise<MaintenanceReport> {
  const { schema, name } = order.table
  const share = order.deletedShare ?? defaultDeletedShare
  const rewrite = `FROM ducklake_rewrite_data_files('lake', ${quote(name)}, schema => ${quote(schema)}, delete_threshold => ${share})`
  const compared = await comparingFiles(lake, order.table, async () => {
    const { rewritten, snapshotId } = await commitWrite({ lake }, commitInfo(order), async () => ({
      rewritten: await processed({ lake }, rewrite),
    }))
    return rewritten > 0 ? snapshotId : undefined
  })
  return { ...nothing, ...compared, tables: [order.table] }
}

/** @returns of how many groups of files DuckLake made new ones. */
async function processed({ lake }: Lake, sql: string): Promise<number> {
  return (await readRows(lake, sql)).filter(([, , files]) => Number(files) > 0).length
}

export function commitInfo({ task, run }: MaintenanceOrder) {
  return { author: 'ducklake-platform', message: `Maintenance: ${task}`, extraInfo: JSON.stringify({ maintenance: { run, task } }) }
}
