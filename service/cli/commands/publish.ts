import type { components } from '../../client/api-types.ts'
import { answerOf } from '../../client/lake-client.ts'
import { collect } from '../collect-option.ts'
import { UsageError } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'
import { sizeText } from '../print/size-text.ts'
import { recordsText } from '../print/table-text.ts'
import type { Session, Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

type Publication = components['schemas']['Publication']

/** `lake publish`: tables that Spark and others read from the lake's own files. */
export function addPublish(program: Program, session: Sessions): void {
  program
    .command('publish')
    .description('Publishes a table for Spark and others, or what has changed in it; lists those that are.')
    .argument('[table]', 'table, or schema.table')
    .option('--leave-out <column>', 'does not publish this column; repeatable', collect)
    .option('--versions', 'shows which version of the log is which of the lake')
    .option('--remove', 'publishes it no longer, and removes its log')
    .action(async (table, { leaveOut, versions, remove }) => {
      if ([leaveOut, versions, remove].filter(Boolean).length > 1)
        throw new UsageError('--leave-out, --versions and --remove are three things: use one of them.')
      if (table === undefined && (leaveOut || versions || remove))
        throw new UsageError('Which table? Without one the tables that are published are listed, and no option is needed.')
      const open = await session()
      if (table === undefined) return list(open)
      const { lake, json, print, note, signal } = open
      const params = { path: tableName(table) }
      const path = '/v1/tables/{schema}/{table}/publication'
      if (remove) {
        await lake.api.DELETE(path, { params, signal })
        if (json) return print(JSON.stringify({ ...params.path, removed: true }))
        return note(`${table} is published no longer; its own files stay as they are.`)
      }
      if (versions) {
        const answer = await answerOf(lake.api.GET(path, { params, signal }))
        if (json) return print(JSON.stringify(answer))
        const rows = answer.versions.map(({ version, snapshotId, publishedAt }) => ({ version, lake: snapshotId, published: publishedAt }))
        print(recordsText(['version', 'lake', 'published'], rows, ['version', 'lake']))
        return tell(open, answer)
      }
      const done = await answerOf(lake.api.POST(path, { params, body: { ...(leaveOut && { leaveOut }) }, signal }))
      if (json) return print(JSON.stringify(done))
      print(done.location)
      const { version, snapshotId, changed, addedFiles, removedFiles, bytes } = done
      const written = changed ? `files: ${addedFiles} more, ${removedFiles} fewer; ${sizeText(bytes)} written` : 'nothing has changed'
      note(`Version ${version} of the log is version ${snapshotId} of the lake; ${written}`)
    })
}

async function list(open: Session): Promise<void> {
  const { lake, json, print, signal } = open
  const answer = await answerOf(lake.api.GET('/v1/publications', { signal }))
  if (json) return print(JSON.stringify(answer))
  const rows = answer.publications.map(({ schema, table, version, snapshotId, location, error }) => ({
    schema,
    table,
    version: version ?? '',
    lake: snapshotId ?? '',
    state: error?.code ?? 'ok',
    location,
  }))
  print(recordsText(['schema', 'table', 'version', 'lake', 'state', 'location'], rows, ['version', 'lake']))
  for (const publication of answer.publications) tell(open, publication)
}

/** Why the last attempt failed, if it did. */
function tell({ note }: Session, { schema, table, error }: Pick<Publication, 'schema' | 'table' | 'error'>): void {
  if (error) note(`${schema}.${table}: ${error.detail}`)
}
