import { Argument, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import type { components } from '../../client/api-types.ts'
import { answerOf } from '../../client/lake-client.ts'
import { FoundFault } from '../exit-codes.ts'
import type { Program } from '../new-program.ts'
import { positiveInteger } from '../number-option.ts'
import { sizeText } from '../print/size-text.ts'
import { recordsText } from '../print/table-text.ts'
import type { Session, Sessions } from '../session.ts'
import { tableName } from '../table-name.ts'

type Run = components['schemas']['MaintenanceRun']

const tasks = ['flush', 'compact', 'rewrite-deletes', 'expire', 'clean-up', 'orphans'] as const
/** Those that are begun by npm, and are in the list too. */
const programs = ['backup', 'restore-drill'] as const
/** The service holds an answer back no longer. */
const waitSeconds = 60

/** `lake maintenance`: what keeps the lake small and quick. */
export function addMaintenance(program: Program, session: Sessions): void {
  const maintenance = program.command('maintenance').description('Begins runs of maintenance, and lists them.')

  maintenance
    .command('list', { isDefault: true })
    .description('Lists runs, backups and restore drills too, newest first.')
    .addOption(new Option('--task <task>', 'only those of this task').choices([...tasks, ...programs]))
    .option('-n, --limit <n>', 'so many', positiveInteger, 20)
    .action(async ({ task, limit }) => {
      const { lake, json, print, signal } = await session()
      const query = { limit: `${limit}`, ...(task !== undefined && { task }) }
      const answer = await answerOf(lake.api.GET('/v1/maintenance', { params: { query }, signal }))
      print(json ? JSON.stringify(answer) : runsText(answer.runs))
    })

  maintenance
    .command('run')
    .description('Begins a task and waits for its end.')
    .addArgument(new Argument('<task>', 'what to do').choices(tasks))
    .option('--dry-run', 'says what it would do, and does nothing')
    .option('--table <table>', 'of flush, compact and rewrite-deletes: this one only')
    .option('--older-than <hours>', 'of expire, clean-up and orphans', positiveInteger)
    .option('--deleted-percent <n>', 'of rewrite-deletes: files from which so much is deleted', positiveInteger)
    .option('--no-wait', 'does not wait for its end')
    .action(async (task, { dryRun, table, olderThan, deletedPercent, wait }) => {
      const open = await session()
      const body = {
        ...(dryRun && { dryRun }),
        ...(table !== undefined && { table: tableName(table) }),
        ...(olderThan !== undefined && { olderThanHours: olderThan }),
        ...(deletedPercent !== undefined && { deletedPercent }),
      }
      const header = wait ? { prefer: `wait=${waitSeconds}` } : {}
      const { lake, signal } = open
      const run = await answerOf(lake.api.POST('/v1/maintenance/{task}', { params: { path: { task }, header }, body, signal }))
      await show(open, wait ? await ended(open, run) : run)
    })

  maintenance
    .command('show')
    .description('Shows one run.')
    .argument('<id>', 'of the run', runId)
    .action(async id => {
      const open = await session()
      await show(open, await answerOf(open.lake.api.GET('/v1/maintenance/runs/{id}', { params: { path: { id } }, signal: open.signal })))
    })
}

async function ended({ lake, signal, note }: Session, begun: Run): Promise<Run> {
  let run = begun
  while (run.endedAt === null) {
    note(`${run.task} runs since ${run.startedAt} …`)
    const params = { path: { id: run.id }, header: { prefer: `wait=${waitSeconds}` } }
    run = await answerOf(lake.api.GET('/v1/maintenance/runs/{id}', { params, signal }))
  }
  return run
}

async function show({ json, print, note }: Session, run: Run): Promise<void> {
  if (json) print(JSON.stringify(run))
  else {
    print(runsText([run]))
    const { report, error } = run
    if (report) {
      const { fileCount, bytes, created, snapshotCount } = report
      const [would, sizes] = [run.dryRun ? 'would be ' : '', `${fileCount} files (${sizeText(bytes)})`]
      note(`${sizes} ${would}merged, rewritten or removed, ${created.fileCount} made, ${snapshotCount} snapshots ${would}expired`)
    }
    if (error) note(`${error.code}: ${error.detail}`)
  }
  if (run.state === 'failed') throw new FoundFault(`${run.task} failed`)
}

/** @throws InvalidArgumentError that commander shows with the argument's name */
function runId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError('Use the id of a run: "lake maintenance" lists them.')
  return text
}

function runsText(runs: readonly Run[]): string {
  const rows = runs.map(({ id, task, dryRun, table, state, startedAt, endedAt, requestedBy }) => ({
    id,
    task: dryRun ? `${task} (dry run)` : task,
    table: table ? `${table.schema}.${table.table}` : '',
    state,
    began: startedAt,
    ended: endedAt ?? '',
    by: requestedBy,
  }))
  return recordsText(['id', 'task', 'table', 'state', 'began', 'ended', 'by'], rows)
}
