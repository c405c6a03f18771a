import { answerOf } from '../../client/lake-client.ts'
import type { Program } from '../new-program.ts'
import { rowsText } from '../print/rows-text.ts'
import { sizeText } from '../print/size-text.ts'
import { recordsText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

/** `lake tables`: what is in the lake, or in one table. */
export function addTables(program: Program, session: Sessions): void {
  program
    .command('tables')
    .description('Lists tables and views, or the columns of one.')
    .argument('[table]', 'table, or schema.table: shows its columns')
    .option('--files', 'shows its Parquet files')
    .action(async (table, { files }) => {
      const { lake, json, print, note, signal } = await session()
      if (table === undefined) {
        const answer = await answerOf(lake.api.GET('/v1/tables', { signal }))
        if (json) return print(JSON.stringify(answer))
        const rows = answer.tables.map(({ bytes, fileCount, rowCount, ...rest }) => ({
          ...rest,
          rows: rowCount ?? '',
          files: fileCount ?? '',
          size: bytes === null ? '' : sizeText(Number(bytes)),
        }))
        print(recordsText(['schema', 'name', 'kind', 'rows', 'files', 'size'], rows, ['rows', 'files']))
        return note(`Version ${answer.snapshotId} of the lake`)
      }
      const params = { path: tableName(table) }
      if (files) {
        const answer = await answerOf(lake.api.GET('/v1/tables/{schema}/{table}/files', { params, signal }))
        if (json) return print(JSON.stringify(answer))
        const rows = answer.files.map(file => ({ ...file, rows: file.rowCount, deleted: file.deletedRowCount, since: file.sinceSnapshot }))
        return print(recordsText(['path', 'rows', 'deleted', 'bytes', 'since'], rows, ['rows', 'deleted', 'bytes', 'since']))
      }
      const answer = await answerOf(lake.api.GET('/v1/tables/{schema}/{table}', { params, signal }))
      if (json) return print(JSON.stringify(answer))
      const columns = answer.columns.map(({ nullable, default: initial, ...column }) => ({
        ...column,
        null: nullable ? 'yes' : 'no',
        default: initial ?? '',
      }))
      print(recordsText(['name', 'type', 'null', 'default'], columns))
      const { kind, rowCount, fileCount, bytes } = answer
      note(
        kind === 'view'
          ? 'A view'
          : `${rowsText(rowCount)} in ${fileCount} ${fileCount === 1 ? 'file' : 'files'}, ${sizeText(Number(bytes))}`,
      )
    })
}
