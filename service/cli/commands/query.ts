import { Option } from '@commander-js/extra-typings'
import type { components } from '../../client/api-types.ts'
import { ProblemError } from '../../client/lake-error.ts'
import { collect } from '../collect-option.ts'
import type { Program } from '../new-program.ts'
import { positiveInteger } from '../number-option.ts'
import { placeText } from '../print/problem-text.ts'
import { rowsText } from '../print/rows-text.ts'
import { sizeText } from '../print/size-text.ts'
import { tableText } from '../print/table-text.ts'
import { isStreamed, queryFormat, queryFormats } from '../query/query-format.ts'
import { readAsOf, readParams } from '../query/read-params.ts'
import { writeOutput } from '../query/write-output.ts'
import { readSql } from '../read-sql.ts'
import type { Session, Sessions } from '../session.ts'

type Query = components['schemas']['Query']

/** `lake query`: rows of a statement that reads. */
export function addQuery(program: Program, session: Sessions): void {
  program
    .command('query')
    .description('Runs a statement that reads, and shows its rows.')
    .argument('[sql]', 'the statement; without it, or with -, it is read from standard input')
    .option('-f, --file <file>', 'reads the statement from a file')
    .addOption(new Option('-F, --format <format>', 'of the rows; else by the name of the output, else a table').choices(queryFormats))
    .option('-o, --output <file>', 'writes the rows into a file, which is there only once it is whole')
    .option('-p, --param <name=value>', 'a value for $name, or 1=value for $1; name:DATE=… names its type', collect)
    .option('--as-of <version>', 'reads the lake as it was in this version, or at this time')
    .option('--max-rows <n>', 'rows of a table, or of JSON', positiveInteger)
    .option('--timeout <seconds>', 'ends the statement after so long', positiveInteger)
    .action(async (argument, options) => {
      const { file, output, param, asOf, maxRows, timeout } = options
      const open = await session()
      const format = queryFormat(options.format, output, open.json)
      const params = readParams(param ?? [])
      const query: Query = {
        sql: await readSql(argument, file),
        ...(params && { params }),
        ...(asOf !== undefined && { asOf: readAsOf(asOf) }),
        ...(maxRows !== undefined && !isStreamed(format) && { maxRows }),
        ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
      }
      await showPlace(open, query, async () => {
        if (!isStreamed(format)) return showRows(open, query, format, output)
        const stream = await open.lake.stream(query, format, open)
        const bytes = await writeOutput(stream.chunks(), output, open.signal)
        if (output !== undefined) open.note(`${sizeText(bytes)} in ${output}${versionText(stream.snapshotId)}`)
      })
    })
}

async function showRows(open: Session, query: Query, format: 'table' | 'json', output: string | undefined): Promise<void> {
  const result = await open.lake.query(query, open)
  const { columns, rows, rowCount, truncated, elapsedMs, snapshotId } = result
  const text = format === 'json' ? JSON.stringify(result) : tableText(columns, rows, output === undefined && process.stdout.isTTY)
  await writeOutput(oneOf(`${text}\n`), output, open.signal)
  const count = truncated ? `the first ${rowsText(rowCount)}, there are more: --format csv has all` : rowsText(rowCount)
  open.note(`${count}${versionText(snapshotId)}, ${elapsedMs} ms`)
}

/** Runs it, and shows the line of the statement if the service says where it is wrong. */
async function showPlace(open: Session, { sql }: Query, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof ProblemError && error.problem.position !== undefined) open.note(placeText(sql, error.problem.position))
    throw error
  }
}

async function* oneOf(text: string): AsyncGenerator<string> {
  yield text
}

function versionText(snapshotId: string | null | undefined): string {
  return snapshotId === null || snapshotId === undefined ? '' : `, version ${snapshotId} of the lake`
}
