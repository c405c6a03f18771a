import type { DuckDBConnection } from '@duckdb/node-api'
import { lakeFilesSql } from '../../catalog/lake-files.ts'
import { quote } from '../../catalog/quote.ts'
import type { TableName } from '../../catalog/table-name.ts'
import { bytesOf, filesReport, type ListedFile, type MaintenanceReport } from './maintenance-report.ts'
import { catalogSchema, readDataPath, readRows } from './read-catalog.ts'

/** A file that the newest version of a table is made of. */
export interface LiveFile extends ListedFile {
  readonly kind: 'data' | 'delete'
  readonly id: bigint
  /** Of a delete file: whose rows it deletes. */
  readonly dataFileId: bigint
  readonly table: TableName
  /** Of a delete file: how many rows it deletes. */
  readonly rowCount: number
  /** Files of different shapes are never merged: versions of the table's columns, and partitions. */
  readonly shape: string
  /** How large a merge makes the files of this table. */
  readonly targetBytes: number
}

/** DuckLake's own default, for lakes without the option `target_file_size`. */
const defaultTargetBytes = 512 * 1_048_576

/** In the order in which DuckLake merges them. */
export async function readLiveFiles(lake: DuckDBConnection, table: TableName | undefined): Promise<LiveFile[]> {
  const dataPath = await readDataPath(lake)
  const only = table ? `AND file.schema_name = ${quote(table.schema)} AND file.table_name = ${quote(table.name)}` : ''
  const rows = await readRows(
    lake,
    `SELECT file.kind, file.file_id, file.data_file_id, file.schema_name, file.table_name, file.path, file.bytes, file.row_count,
       concat_ws('/', (SELECT max(v.schema_version) FROM ${catalogSchema}.ducklake_schema_versions AS v
           WHERE v.table_id = file.table_id AND v.begin_snapshot <= file.begin_snapshot),
         data.partition_id, (SELECT list(p.partition_value ORDER BY p.partition_key_index)
           FROM ${catalogSchema}.ducklake_file_partition_value AS p WHERE p.data_file_id = file.data_file_id)::VARCHAR),
       coalesce(${targetOf('table', 'file.table_id')}, ${targetOf('schema', 'file.schema_id')}, ${targetOf()})
     FROM (${lakeFilesSql(catalogSchema)}) AS file
     JOIN ${catalogSchema}.ducklake_data_file AS data ON data.data_file_id = file.data_file_id
     WHERE file.end_snapshot IS NULL AND data.end_snapshot IS NULL ${only}
     ORDER BY file.schema_name, file.table_name, data.begin_snapshot, data.row_id_start, file.file_id`,
  )
  return rows.map(([kind, id, dataFileId, schema, name, path, bytes, rowCount, shape, targetBytes]) => ({
    kind: kind === 'data' ? 'data' : 'delete',
    id: BigInt(String(id)),
    dataFileId: BigInt(String(dataFileId)),
    table: { schema: String(schema), name: String(name) },
    path: withoutPrefix(String(path), dataPath),
    bytes: Number(bytes),
    rowCount: Number(rowCount),
    shape: String(shape),
    targetBytes: targetBytes === null ? defaultTargetBytes : Number(targetBytes),
  }))
}

/** The option as it was set for the table, its schema or the whole lake. */
function targetOf(scope?: 'table' | 'schema', id = ''): string {
  const whose = scope ? `= ${quote(scope)} AND scope_id = ${id}` : 'IS NULL'
  return `(SELECT try_cast(value AS BIGINT) FROM ${catalogSchema}.ducklake_metadata WHERE key = 'target_file_size' AND scope ${whose})`
}

export function withoutPrefix(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

export function listed({ path, bytes }: ListedFile): ListedFile {
  return { path, bytes }
}

/** Runs a change to one table's files. @returns which files it took out of the table's newest version, and what came in their place. */
export async function comparingFiles(
  lake: DuckDBConnection,
  table: TableName,
  change: () => Promise<string | undefined>,
): Promise<Pick<MaintenanceReport, 'files' | 'fileCount' | 'bytes' | 'created' | 'snapshotId'>> {
  const before = await readLiveFiles(lake, table)
  const snapshotId = await change()
  const after = await readLiveFiles(lake, table)
  const [known, left] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const created = after.filter(file => !known.has(keyOf(file)))
  return {
    ...filesReport(before.filter(file => !left.has(keyOf(file))).map(listed)),
    created: { fileCount: created.length, bytes: bytesOf(created) },
    ...(snapshotId !== undefined && { snapshotId }),
  }
}

function keyOf({ kind, id }: LiveFile): string {
  return `${kind} ${id}`
}
