import type { TableName } from '../../catalog/table-name.ts'

/** A file of the lake. */
export interface ListedFile {
  /** Within the lake's own place, or whole if it lies elsewhere. */
  readonly path: string
  readonly bytes: number
}

/** What a task did, or, as a dry run, what it would do. */
export interface MaintenanceReport {
  /** Merged, rewritten or removed files; the first `maxListed` of `fileCount`. */
  readonly files: readonly ListedFile[]
  readonly fileCount: number
  readonly bytes: number
  /** Files written in their place. A dry run does not know them. */
  readonly created: { readonly fileCount: number; readonly bytes: number }
  /** Expired snapshots, the first `maxListed` of `snapshotCount`. */
  readonly snapshots: readonly string[]
  readonly snapshotCount: number
  /** Rows that were moved out of the catalog into files. */
  readonly rows: number
  /** Tables that have something to do. */
  readonly tables: readonly TableName[]
  /** The lake's version with the change; missing if the task makes none. */
  readonly snapshotId?: string
}

/** A lake can have millions of files, a report must stay one message. */
export const maxListed = 1_000

export const nothing: MaintenanceReport = {
  files: [],
  fileCount: 0,
  bytes: 0,
  created: { fileCount: 0, bytes: 0 },
  snapshots: [],
  snapshotCount: 0,
  rows: 0,
  tables: [],
}

/** A report on files, whatever their number. */
export function filesReport(files: readonly ListedFile[]): Pick<MaintenanceReport, 'files' | 'fileCount' | 'bytes'> {
  return { files: files.slice(0, maxListed), fileCount: files.length, bytes: bytesOf(files) }
}

export function bytesOf(files: readonly ListedFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** One report for what was done in two steps. */
export function addReports(one: MaintenanceReport, other: MaintenanceReport): MaintenanceReport {
  const snapshotId = other.snapshotId ?? one.snapshotId
  return {
    files: [...one.files, ...other.files].slice(0, maxListed),
    fileCount: one.fileCount + other.fileCount,
    bytes: one.bytes + other.bytes,
    created: { fileCount: one.created.fileCount + other.created.fileCount, bytes: one.created.bytes + other.created.bytes },
    snapshots: [...one.snapshots, ...other.snapshots].slice(0, maxListed),
    snapshotCount: one.snapshotCount + other.snapshotCount,
    rows: one.rows + other.rows,
    tables: [...one.tables, ...other.tables],
    ...(snapshotId !== undefined && { snapshotId }),
  }
}
