import type { ClientBase } from 'pg'
import { ServiceError } from '../errors.ts'
import type { ColumnStatistics } from './file-statistics.ts'
import type { TableState } from './read-table.ts'

/** A data file of a table, as the catalog has it. */
export interface LakeFile {
  readonly dataFileId: string
  readonly deleteFileId: string | null
  /** A whole path, as DuckDB knows it. */
  readonly path: string
  readonly deletePath: string | null
  readonly bytes: number
  readonly rowCount: number
  readonly statistics: readonly ColumnStatistics[]
}

interface FileRow extends Omit<LakeFile, 'bytes' | 'rowCount' | 'statistics'> {
  readonly bytes: string
  readonly rowCount: string
  readonly mapped: boolean
  readonly unreadable: boolean
}

interface StatisticsRow extends Omit<ColumnStatistics, 'nullCount'> {
  readonly dataFileId: string
  readonly nullCount: string | null
}

/** Files of one question: their statistics are a row for each column. */
const perQuestion = 1_000

/** Live files of a table. @throws ServiceError notPublishable for one that only DuckLake can read */
export async function readFiles(catalog: ClientBase, table: TableState, dataFileIds: readonly string[]): Promise<LakeFile[]> {
  const files: LakeFile[] = []
  for (let first = 0; first < dataFileIds.length; first += perQuestion) {
    const ids = dataFileIds.slice(first, first + perQuestion)
    const { rows } = await catalog.query<FileRow>(
      `SELECT f.data_file_id AS "dataFileId", d.delete_file_id AS "deleteFileId", f.file_size_bytes AS bytes, f.record_count AS "rowCount",
         CASE WHEN f.path_is_relative THEN $2 ELSE '' END || f.path AS path,
         CASE WHEN d.path_is_relative THEN $2 ELSE '' END || d.path AS "deletePath",
         f.mapping_id IS NOT NULL AS mapped,
         lower(f.file_format) <> 'parquet' OR f.encryption_key IS NOT NULL OR lower(d.format) <> 'parquet' OR d.encryption_key IS NOT NULL AS unreadable
       FROM public.ducklake_data_file AS f
         LEFT JOIN public.ducklake_delete_file AS d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
       WHERE f.data_file_id = ANY($1::bigint[]) AND f.end_snapshot IS NULL ORDER BY f.data_file_id`,
      [ids, table.folder],
    )
    const statistics = await readStatistics(catalog, table.tableId, ids)
    for (const { mapped, unreadable, bytes, rowCount, ...file } of rows) {
      if (mapped)
        throw new ServiceError(
          'notPublishable',
          `${file.path} was taken as it had been uploaded, without the ids of columns that others find them by: CREATE TABLE … AS SELECT makes a table of files that have them.`,
        )
      if (unreadable) throw new ServiceError('notPublishable', `${file.path}, or its delete file, is encrypted or no Parquet.`)
      files.push({ ...file, bytes: Number(bytes), rowCount: Number(rowCount), statistics: statistics.get(file.dataFileId) ?? [] })
    }
  }
  return files
}

async function readStatistics(catalog: ClientBase, tableId: string, ids: readonly string[]): Promise<Map<string, ColumnStatistics[]>> {
  const { rows } = await catalog.query<StatisticsRow>(
    `SELECT data_file_id AS "dataFileId", column_id::int AS "columnId", null_count AS "nullCount", min_value AS min, max_value AS max,
       contains_nan AS "containsNan"
     FROM public.ducklake_file_column_stats WHERE table_id = $2 AND data_file_id = ANY($1::bigint[]) ORDER BY column_id`,
    [ids, tableId],
  )
  const files = new Map<string, ColumnStatistics[]>()
  for (const { dataFileId, nullCount, ...column } of rows) {
    const known = files.get(dataFileId) ?? []
    files.set(dataFileId, known)
    known.push({ ...column, nullCount: nullCount === null ? null : Number(nullCount) })
  }
  return files
}
