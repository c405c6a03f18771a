import { answerOf } from '../../client/lake-client.ts'
import type { Program } from '../new-program.ts'
import { integerUpTo, versionNumber } from '../number-option.ts'
import { rowsText } from '../print/rows-text.ts'
import { tableText } from '../print/table-text.ts'
import type { Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

/** `lake diff`: what is different between two versions of a table. */
export function addDiff(program: Program, session: Sessions): void {
  program
    .command('diff')
    .description('Shows in which columns and rows two versions of a table differ.')
    .argument('<table>', 'table, or schema.table')
    .argument('<from>', 'the earlier version', versionNumber)
    .argument('[to]', 'the later version; the newest if it is missing', versionNumber)
    .option('-n, --limit <n>', 'so many rows, up to 1000', integerUpTo(1_000), 200)
    .action(async (table, from, to, { limit }) => {
      const { lake, json, print, note, signal } = await session()
      const newest = async () => (await answerOf(lake.api.GET('/v1/tables', { signal }))).snapshotId
      const params = { path: tableName(table), query: { from, to: to ?? (await newest()), limit: `${limit}` } }
      const diff = await answerOf(lake.api.GET('/v1/tables/{schema}/{table}/diff', { params, signal }))
      if (json) return print(JSON.stringify(diff))
      const { columns, rowColumns, rows, insertedCount, deletedCount, updatedCount, truncated } = diff
      if (diff.was === 'missing') print(`+ table ${diff.schema}.${diff.table}`)
      if (diff.is === 'missing') print(`- table ${diff.schema}.${diff.table}`)
      for (const { name, type } of columns.added) print(`+ column ${name} ${type}`)
      for (const { name, type } of columns.removed) print(`- column ${name} ${type}`)
      for (const { from: old, to: now } of columns.changed) print(`~ column ${old.name} ${old.type} → ${now.name} ${now.type}`)
      const lines = rows.flatMap(({ before, after }) => [...(before ? [['-', ...before]] : []), ...(after ? [['+', ...after]] : [])])
      if (lines.length > 0) print(tableText([{ name: '' }, ...rowColumns], lines))
      note(`${rowsText(insertedCount)} inserted, ${updatedCount} updated, ${deletedCount} deleted from version ${diff.from} to ${diff.to}`)
      if (truncated) note(`Only the first ${rows.length} of them are shown${limit < 1_000 ? ': --limit 1000 shows more' : ''}.`)
    })
}
