/** How large a lake is. */
export interface LakeSize {
  /** Of the newest version. */
  readonly files: number
  readonly bytes: number
  readonly deleteFiles: number
  /** Rows that still lie in files and are passed over. */
  readonly deletedRows: number
  /** Files that only older versions need, and those that nothing needs any more. */
  readonly oldFiles: number
  readonly oldBytes: number
  readonly snapshots: number
}

/** The fields of `LakeSize` in their order, out of the catalog alone. The files that wait for their removal are counted without their bytes,
 * which DuckLake does not know any more. @param schema where DuckLake's tables are */
export function lakeSizeSql(schema: string): string {
  const files = `(SELECT end_snapshot, file_size_bytes FROM ${schema}.ducklake_data_file
    UNION ALL SELECT end_snapshot, file_size_bytes FROM ${schema}.ducklake_delete_file)`
  const waiting = `(SELECT count(*) FROM ${schema}.ducklake_files_scheduled_for_deletion)`
  const deletes = `FROM ${schema}.ducklake_delete_file WHERE end_snapshot IS NULL`
  return `SELECT count(*) FILTER (WHERE end_snapshot IS NULL),
    coalesce(sum(file_size_bytes) FILTER (WHERE end_snapshot IS NULL), 0),
    (SELECT count(*) ${deletes}), (SELECT coalesce(sum(delete_count), 0) ${deletes}),
    count(*) FILTER (WHERE end_snapshot IS NOT NULL) + ${waiting},
    coalesce(sum(file_size_bytes) FILTER (WHERE end_snapshot IS NOT NULL), 0),
    (SELECT count(*) FROM ${schema}.ducklake_snapshot)
  FROM ${files} AS file`
}

/** @param row of `lakeSizeSql` */
export function lakeSizeOf(row: readonly unknown[] = []): LakeSize {
  const [files = 0, bytes = 0, deleteFiles = 0, deletedRows = 0, oldFiles = 0, oldBytes = 0, snapshots = 0] = row.map(Number)
  return { files, bytes, deleteFiles, deletedRows, oldFiles, oldBytes, snapshots }
}
