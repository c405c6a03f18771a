import { quote } from '../../catalog/quote.ts'
import { type TableName, tableSql } from '../../catalog/table-name.ts'
import { judgeParquet } from '../ingest/parquet-fit.ts'
import type { TargetColumn } from '../ingest/source.ts'
import { catalogSchema, readRows } from '../maintenance/read-catalog.ts'
import type { Session } from '../open-statement.ts'
import { commitWrite } from './commit-write.ts'
import { type LoadOrder, loadInfo, type Registration } from './load-order.ts'
import { extraInfoOf } from './write-note.ts'

/** Makes a Parquet file one of the table's as it is, in place of reading and writing its rows. The file's bytes go to where DuckLake would
 * write its own; if the commit fails they are a file that no version names, which the maintenance finds.
 * @returns why the rows are to be written anew, if the file does not fit: nothing was changed then. @throws ServiceError */
export async function registerFile(
  session: Session,
  order: LoadOrder,
  target: readonly TargetColumn[],
  { trust, minBytes }: Registration,
): Promise<{ readonly rowCount: number; readonly snapshotId: string } | { readonly misfit: string }> {
  const { lake } = session
  const { table, mode, source, note, queue } = order
  const [path = ''] = source.paths
  const [[bytes] = []] = await readRows(lake, `SELECT file_size_bytes FROM parquet_file_metadata(${quote(path)})`)
  if (Number(bytes) < minBytes) return { misfit: `the file has fewer than ${minBytes} bytes: many small files are slow to read` }
  const home = await findHome(session, table)
  if ('misfit' in home) return home
  const judged = await judgeParquet(lake, path, target, trust)
  if ('misfit' in judged) return judged
  const kept = await session.files.take(path, home.folder)
  const work = async () => {
    if (mode === 'replace') await lake.run(`DELETE FROM ${tableSql(table)}`)
    await lake.run(`CALL ducklake_add_data_files('lake', ${quote(home.name)}, ${quote(kept)}, schema => ${quote(home.schema)})`)
    return { rowCount: judged.rows }
  }
  return commitWrite(session, loadInfo(order), work, ({ rowCount }) => extraInfoOf([{ ...note, rows: rowCount }], queue))
}

interface Home extends TableName {
  /** Where the table's files lie, within the lake's folder. */
  readonly folder: string
}

async function findHome({ lake }: Session, { schema, name }: TableName): Promise<Home | { readonly misfit: string }> {
  const isSet = (what: string) =>
    `EXISTS (FROM ${catalogSchema}.ducklake_${what}_info AS i WHERE i.table_id = t.table_id AND i.end_snapshot IS NULL)`
  const [found] = await readRows(
    lake,
    `SELECT s.schema_name, t.table_name, s.path || t.path, s.path_is_relative AND t.path_is_relative, ${isSet('partition')}, ${isSet('sort')}
    FROM ${catalogSchema}.ducklake_table AS t JOIN ${catalogSchema}.ducklake_schema AS s ON s.schema_id = t.schema_id
    WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL
      AND lower(s.schema_name) = lower(${quote(schema)}) AND lower(t.table_name) = lower(${quote(name)})`,
  )
  const [inSchema, called, folder, isInside, isPartitioned, isSorted] = found ?? []
  if (isPartitioned === true) return { misfit: 'the table is partitioned' }
  if (isSorted === true) return { misfit: 'the table keeps its rows sorted' }
  if (isInside !== true) return { misfit: 'the table lies in a place of its own' }
  return { schema: String(inSchema), name: String(called), folder: String(folder) }
}
