import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Option } from '@commander-js/extra-typings'
import type { Upload } from '../../client/upload.ts'
import { collect } from '../collect-option.ts'
import { UsageError } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'
import { positiveInteger } from '../number-option.ts'
import { rowsText } from '../print/rows-text.ts'
import { recordsText, tableText } from '../print/table-text.ts'
import type { Session, Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'
import { fileFormat, formatNames } from '../upload/file-format.ts'
import { ProgressBar } from '../upload/progress-bar.ts'
import { readColumns } from '../upload/read-columns.ts'

/** `lake upload`: a file becomes rows of a table, in one commit. */
export function addUpload(program: Program, session: Sessions): void {
  program
    .command('upload')
    .description('Writes the rows of a file into a table, in one commit.')
    .argument('<file>', 'CSV, NDJSON, JSON, Parquet or Arrow, perhaps .gz; - for standard input')
    .argument('<table>', 'table, or schema.table')
    .addOption(new Option('-m, --mode <mode>', 'what becomes of the rows').choices(['append', 'create', 'replace', 'upsert'] as const))
    .option('--by <column>', 'for upsert: a column by which rows are the same; repeatable', collect)
    .addOption(new Option('-t, --type <type>', 'of the file, if its name does not say it').choices(formatNames))
    .option('--columns <columns>', 'for create and replace: "id BIGINT, amount DECIMAL(18, 3)"; inferred if it is missing')
    .option('--max-rejects <n>', 'rows that may be left out because they do not fit', positiveInteger)
    .option('--delimiter <text>', 'of CSV; found out if it is missing')
    .option('--no-header', 'CSV has no names in its first line')
    .option('--null-text <text>', 'what stands for NULL in CSV')
    .addOption(
      new Option('--register <how>', 'Parquet becomes a file of the table as it is').choices(['never', 'checked', 'trusted'] as const),
    )
    .option('--dry-run', 'reads every row, shows the first ones, and writes nothing')
    .option('--idempotency-key <key>', 'uploaded again with the same key, it is not written twice')
    .action(async (file, table, options) => {
      const open = await session()
      const { contentType, packed } = fileFormat(file, options.type)
      const { source, bytes } = sourceOf(file)
      const bar = open.lively ? new ProgressBar(bytes, text => process.stderr.write(text)) : undefined
      const upload: Upload = {
        ...tableName(table),
        source,
        contentType,
        ...(packed && { contentEncoding: 'gzip' }),
        idempotencyKey: options.idempotencyKey,
        ...(bar && { onProgress: sent => bar.show(sent) }),
        options: {
          ...(options.mode && { mode: options.mode }),
          ...(options.by && { key: options.by }),
          ...(options.columns !== undefined && { columns: readColumns(options.columns) }),
          ...(options.maxRejects !== undefined && { maxRejects: `${options.maxRejects}` }),
          ...(options.delimiter !== undefined && { delimiter: options.delimiter }),
          ...(!options.header && { header: 'false' }),
          ...(options.nullText !== undefined && { nullText: options.nullText }),
          ...(options.register && { register: options.register }),
          ...(options.dryRun && { dryRun: 'true' }),
        },
      }
      const write = await open.lake.upload(upload, open).finally(() => bar?.clear())
      show(open, write)
    })
}

function sourceOf(file: string): { readonly source: Upload['source']; readonly bytes: number | undefined } {
  if (file === '-') {
    if (process.stdin.isTTY) throw new UsageError('- reads standard input, which is a terminal: pipe the rows in, or name a file.')
    return { source: Readable.toWeb(process.stdin), bytes: undefined }
  }
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) throw new UsageError(stat ? `${file} is no file.` : `There is no file ${file}.`)
  return { source: () => Readable.toWeb(createReadStream(file)), bytes: stat.size }
}

function show({ json, print, note }: Session, write: Awaited<ReturnType<Session['lake']['upload']>>): void {
  if (json) {
    print(JSON.stringify(write))
    return
  }
  const { rowCount, snapshotId, dryRun, columns = [], rows, rejectedCount = 0, errors = [], registered, rewrittenBecause } = write
  if (dryRun && rows) print(tableText(columns, rows))
  else if (columns.length > 0) print(recordsText(['name', 'type'], columns))
  const rejected = rejectedCount > 0 ? `, ${rowsText(rejectedCount)} left out` : ''
  note(dryRun ? `${rowsText(rowCount)} would be written${rejected}` : `${rowsText(rowCount)}, version ${snapshotId} of the lake${rejected}`)
  if (errors.length > 0) {
    const table = errors.map(({ line, column = '', value = '', reason }) => ({ line, column, value, reason }))
    note(recordsText(['line', 'column', 'value', 'reason'], table, ['line']))
  }
  if (registered) note('The file became one of the table as it is.')
  if (rewrittenBecause !== undefined) note(`The rows were written anew: ${rewrittenBecause}`)
}
