import { answerOf } from '../../client/lake-client.ts'
import { collect } from '../collect-option.ts'
import type { Program } from '../new-program.ts'
import { rowsText } from '../print/rows-text.ts'
import { readParams } from '../query/read-params.ts'
import { readSql } from '../read-sql.ts'
import type { Sessions } from '../session.ts'

/** `lake run`: a statement that changes the lake. */
export function addRun(program: Program, session: Sessions): void {
  program
    .command('run')
    .description('Runs a statement that changes the lake: INSERT, UPDATE, DELETE, MERGE, CREATE, ALTER, DROP.')
    .argument('[sql]', 'the statement; without it, or with -, it is read from standard input')
    .option('-f, --file <file>', 'reads the statement from a file')
    .option('-p, --param <name=value>', 'a value for $name, or 1=value for $1', collect)
    .option('--idempotency-key <key>', 'run again with the same key, it is not done twice')
    .action(async (argument, { file, param, idempotencyKey }) => {
      const { lake, signal, json, print } = await session()
      const params = readParams(param ?? [])
      const body = { sql: await readSql(argument, file), ...(params && { params }) }
      const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const answer = await answerOf(lake.api.POST('/v1/statements', { body, params: { header }, signal }))
      if (json) return print(JSON.stringify(answer))
      const { kind, rowCount, snapshotId } = answer
      print(
        `${kind}${rowCount === null ? '' : `, ${rowsText(rowCount)}`}, ${snapshotId === null ? 'nothing changed' : `version ${snapshotId}`}`,
      )
    })
}
