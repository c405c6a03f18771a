import { type Dashboard, DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import type { LogEvent } from '../log-pipeline/log-event.ts'
import { figure, graph, lines } from './panels.ts'
import { chooseLabel, chooseLoki } from './variables.ts'

/** Entries of an event on the servers that were chosen. */
function entries(event: string, further = ''): string {
  return `{namespace=~"$namespace", app=~"$app", event=~"${event}"${further}}`
}

const database = ', database=~"$database"'
const duration = '| regexp `duration: (?P<duration_ms>[0-9.]+) ms` | unwrap duration_ms | __error__=""'

/** A number out of the reports of an event. */
function number(event: string, expression: string): string {
  return `${entries(event)} | regexp \`${expression}\` | unwrap value | __error__="" [$__auto]`
}

/** What PostgreSQL says of itself while it works, out of its log alone: a panel for each event that has one, and what needs more than a count. */
export function postgres(events: readonly LogEvent[]): Dashboard {
  const dashboard = new DashboardBuilder('PostgreSQL')
    .uid('ducklake-postgres')
    .description('Errors, slow statements, locks, checkpoints, vacuum, connections and queues, as PostgreSQL logs them.')
    .tags(['ducklake', 'postgres'])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('1m')
    .withVariable(chooseLoki())
    .withVariable(chooseLabel('namespace', { of: '{event=~".+"}' }))
    .withVariable(chooseLabel('app', { of: '{namespace=~"$namespace", event=~".+"}' }))
    .withVariable(chooseLabel('database', { of: '{namespace=~"$namespace", app=~"$app", event=~".+"}', orWithout: true }))
  for (const panel of figures) dashboard.withPanel(figure(panel))

  dashboard.withRow(new RowBuilder('Statements'))
  for (const panel of statements) dashboard.withPanel(graph(panel))
  dashboard.withPanel(
    lines({
      title: 'Slow statements',
      description: 'Newest first. What is slow is decided by log_min_duration_statement.',
      query: entries('statement', database),
    }),
  )

  dashboard.withRow(new RowBuilder('Events'))
  for (const event of events) if (event.panel) dashboard.withPanel(graph(eventPanel(event, event.panel)))

  dashboard.withRow(new RowBuilder('Vacuum and disk'))
  for (const panel of upkeep) dashboard.withPanel(graph(panel))

  return dashboard
    .withRow(new RowBuilder('Lines'))
    .withPanel(
      lines({
        title: 'Errors',
        description: 'Everything of level error or fatal, with what belongs to it: DETAIL, CONTEXT, STATEMENT.',
        query: '{namespace=~"$namespace", app=~"$app", event=~".+", level=~"error|fatal"}',
      }),
    )
    .withPanel(
      lines({
        title: 'Locks',
        description: 'Who waited for whom, and the deadlocks that ended a transaction.',
        query: entries('lock_wait|deadlock'),
      }),
    )
    .build()
}

const figures: readonly Parameters<typeof figure>[0][] = [
  {
    title: 'Errors',
    description: 'Everything of level error or fatal in the time that is shown.',
    unit: 'short',
    query: 'sum(count_over_time({namespace=~"$namespace", app=~"$app", event=~".+", level=~"error|fatal"}[$__range]))',
  },
  {
    title: 'Slow statements',
    description: 'Statements that took longer than log_min_duration_statement.',
    unit: 'short',
    query: `sum(count_over_time(${entries('statement', database)}[$__range]))`,
  },
  {
    title: 'Deadlocks and waits',
    description: 'Transactions that were ended by a deadlock, and waits for locks of more than a second.',
    unit: 'short',
    query: `sum(count_over_time(${entries('deadlock|lock_wait')}[$__range]))`,
  },
  {
    title: 'Log-ins',
    description: 'Sessions that were let in, where connections are logged.',
    unit: 'short',
    query: `sum(count_over_time(${entries('connection')} |= "connection authorized" [$__range]))`,
  },
]

const statements: readonly Parameters<typeof graph>[0][] = [
  {
    title: 'Duration of slow statements',
    description: 'Of the statements that are logged for their duration, half and nineteen of twenty took no longer.',
    unit: 'ms',
    series: [0.5, 0.95].map(quantile => ({
      query: `quantile_over_time(${quantile}, ${entries('statement', database)} ${duration} [$__auto]) by (database)`,
      legend: `p${quantile * 100} {{database}}`,
    })),
  },
  {
    title: 'PGMQ calls by queue',
    description: 'Calls that were logged: those over log_min_duration_statement, or all of them with log_statement.',
    unit: 'short',
    series: [
      {
        query: `sum by (operation, queue) (count_over_time(${entries('statement')} | operation!="" [$__auto]))`,
        legend: '{{operation}} {{queue}}',
      },
    ],
  },
]

const upkeep: readonly Parameters<typeof graph>[0][] = [
  {
    title: 'Rows removed by autovacuum',
    description: 'Dead rows whose place can be used again, by table.',
    unit: 'short',
    series: [
      { query: `sum by (relation) (sum_over_time(${number('autovacuum', 'tuples: (?P<value>[0-9]+) removed')}))`, legend: '{{relation}}' },
    ],
  },
  {
    title: 'Dead rows left by autovacuum',
    description: 'Rows that something old may still read. What stays high grows the table: the runbook autovacuum-leaves-dead-rows helps.',
    unit: 'short',
    series: [
      {
        query: `max_over_time(${number('autovacuum', '(?P<value>[0-9]+) are dead but not yet removable')}) by (relation)`,
        legend: '{{relation}}',
      },
    ],
  },
  {
    title: 'Time of autovacuum',
    description: 'The longest round of each table.',
    unit: 's',
    series: [{ query: `max_over_time(${number('autovacuum', 'elapsed: (?P<value>[0-9.]+) s')}) by (relation)`, legend: '{{relation}}' }],
  },
  {
    title: 'Time of checkpoints',
    description: 'The longest, from its beginning until all is on the disk; spread over most of checkpoint_timeout if nothing hurries it.',
    unit: 's',
    series: [{ query: `max_over_time(${number('checkpoint', 'total=(?P<value>[0-9.]+) s')}) by (app)`, legend: '{{app}}' }],
  },
  {
    title: 'Pages written by checkpoints',
    description: 'Buffers of 8 KiB.',
    unit: 'short',
    series: [{ query: `sum by (app) (sum_over_time(${number('checkpoint', 'wrote (?P<value>[0-9]+) buffers')}))`, legend: '{{app}}' }],
  },
  {
    title: 'Temporary files',
    description: 'What sorts and hashes put on the disk because work_mem did not hold it.',
    unit: 'bytes',
    series: [{ query: `sum by (app) (sum_over_time(${number('temp_file', 'size (?P<value>[0-9]+)')}))`, legend: '{{app}}' }],
  },
]

function eventPanel({ name }: LogEvent, { title, by = [], unit = 'short' }: NonNullable<LogEvent['panel']>): Parameters<typeof graph>[0] {
  const legend = by.map(label => `{{${label}}}`).join(' ') || name
  return {
    title,
    description: `Entries of the event ${name}.`,
    unit,
    width: 8,
    series: [{ query: `sum${by.length > 0 ? ` by (${by.join(', ')})` : ''} (count_over_time(${entries(name)}[$__auto]))`, legend }],
  }
}
