import { answerOf } from '../../client/lake-client.ts'
import type { Program } from '../new-program.ts'
import { integerUpTo, versionNumber } from '../number-option.ts'
import { recordsText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

/** `lake snapshots`: the versions of the lake, or of a table. */
export function addSnapshots(program: Program, session: Sessions): void {
  program
    .command('snapshots')
    .description('Lists the versions of the lake, newest first.')
    .argument('[table]', 'only those in which this table was changed')
    .option('-n, --limit <n>', 'so many, up to 1000', integerUpTo(1_000), 20)
    .option('--before <version>', 'only older ones', versionNumber)
    .action(async (table, { limit, before }) => {
      const { lake, json, print, note, signal } = await session()
      const query = { limit: `${limit}`, ...(before !== undefined && { before }), ...(table !== undefined && tableName(table)) }
      const answer = await answerOf(lake.api.GET('/v1/snapshots', { params: { query }, signal }))
      if (json) return print(JSON.stringify(answer))
      const rows = answer.snapshots.map(({ snapshotId, at, author, message, changes = [] }) => ({
        version: snapshotId,
        at,
        changes: changes.map(({ kind, of }) => `${kind} ${of.join(' ')}`).join(', '),
        author: author ?? '',
        message: message ?? '',
      }))
      print(recordsText(['version', 'at', 'changes', 'author', 'message'], rows, ['version']))
      if (answer.next !== null) note(`There are older ones: --before ${answer.next}`)
    })
}
