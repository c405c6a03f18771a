import { firstLineOf } from '../log-pipeline/postgres-report.ts'
import { requestLines } from '../logql/request-lines.ts'
import type { Alert } from './rule.ts'

// The alerts that are no single event of PostgreSQL. After a crash a collector sends its last seconds again, and what counts entries counts
// them twice: a threshold stands either at 0, where twice is no other answer, or well above what a few seconds can add.

const where = '{{ $labels.namespace }}/{{ $labels.app }}'

/** Lines of the query service with this message; its JSON is read only where the words stand. */
function service(level: 'warning' | 'error', message: string, fields: string): string {
  return `{service="ducklake", level="${level}"} |= \`"msg":"${message}"\` | json ${fields} | __error__=""`
}

const requests = `${requestLines('service="ducklake"')} | json status="status" | __error__=""`

export const serviceAlerts: readonly Alert[] = [
  {
    name: 'ServiceErrorRate',
    severity: 'critical',
    query: [
      '(',
      `  sum by (namespace, app) (count_over_time(${requests} | status=~"5.." [5m]))`,
      '  /',
      `  sum by (namespace, app) (count_over_time(${requests} [5m]))`,
      ') > 0.05',
      'and',
      `sum by (namespace, app) (count_over_time(${requests} | status=~"5.." [5m])) > 10`,
    ].join('\n'),
    for: '5m',
    summary: 'More than one in twenty requests fails, and not by a mistake of its caller.',
    description: `${where} answered {{ $value | humanizePercentage }} of its requests of five minutes with 5xx.`,
    runbook: 'service-error-rate',
  },
  {
    name: 'ServiceUnexpectedErrors',
    severity: 'warning',
    query: `sum by (namespace, app) (count_over_time(${service('error', 'unexpected error', 'level="level"')} [10m])) > 5`,
    summary: 'The service ran into errors that it has no words for: a mistake in its code or its set-up.',
    description: `${where} logged {{ $value }} unexpected errors within 10m.`,
    runbook: 'service-unexpected-errors',
  },
  {
    name: 'ServiceEnginesKilled',
    severity: 'warning',
    query: `sum by (namespace, app) (count_over_time(${service('warning', 'an engine ended and is being replaced', 'how="how"')} | how=~"killed|lost" [10m])) > 5`,
    summary: 'Engines of the service are killed or die, again and again: their statements are lost.',
    description: `${where} lost {{ $value }} engines within 10m.`,
    runbook: 'service-engines-killed',
  },
  {
    name: 'ServiceEnginesDoNotStart',
    severity: 'critical',
    query: `sum by (namespace, app) (count_over_time(${service('warning', 'an engine did not start', 'level="level"')} [5m])) > 5`,
    summary: 'The service cannot start engines: it soon answers nothing.',
    description: `${where} failed to start an engine {{ $value }} times within 5m.`,
    runbook: 'service-engines-do-not-start',
  },
  {
    name: 'QueueMessagesPutAside',
    severity: 'warning',
    query: `sum by (namespace, app, table) (sum_over_time(${service('warning', 'messages of the queue were put aside', 'table="table", messages="messages"')} | unwrap messages | __error__="" [15m])) > 0`,
    summary: 'Messages of the ingest queue do not fit their table and were put aside: their rows are missing there.',
    description: `${where} put {{ $value }} messages for {{ $labels.table }} aside within 15m.`,
    runbook: 'queue-messages-put-aside',
  },
  {
    name: 'QueueNotDrained',
    severity: 'warning',
    query: `sum by (namespace, app, table) (count_over_time(${service('warning', 'the queue is not drained', 'table="table"')} [15m])) > 5`,
    summary: 'A queue’s messages wait and do not reach their table.',
    description: `${where} could not drain the queue of {{ $labels.table }} {{ $value }} times within 15m.`,
    runbook: 'queue-not-drained',
  },
  {
    name: 'ProgramGaveUp',
    severity: 'critical',
    query: 'sum by (namespace, app) (count_over_time({level="fatal", event=""}[5m])) > 0',
    summary: 'A program logged that it cannot go on.',
    description: `${where} logged {{ $value }} fatal lines within 5m.`,
    runbook: 'program-gave-up',
  },
  {
    name: 'ProgramErrors',
    severity: 'warning',
    query: 'sum by (namespace, app) (count_over_time({level="error", event=""}[10m])) > 50',
    summary: 'A program logs one error after another.',
    description: `${where} logged {{ $value }} errors within 10m.`,
    runbook: 'program-errors',
  },
]

const database = 'container=~"postgres|postgresql"'

export const postgresAlerts: readonly Alert[] = [
  {
    name: 'PostgresPanic',
    severity: 'critical',
    query: `sum by (namespace, app) (count_over_time({${database}, level="fatal"} |~ \`${firstLineOf({ level: ['PANIC'] })}\` [10m])) > 0`,
    summary: 'PostgreSQL panicked: it ended all sessions and starts anew from its log.',
    description: `${where} panicked {{ $value }} times within 10m.`,
    runbook: 'postgres-panic',
  },
  {
    name: 'PostgresServerProcessDied',
    severity: 'critical',
    query: `sum by (namespace, app) (count_over_time({${database}, level="info"} |~ \`${firstLineOf({ level: ['LOG'], message: '[a-z ]+ [(]PID [0-9]+[)] was terminated by signal ' })}\` [10m])) > 0`,
    summary: 'A process of PostgreSQL was killed, often for want of memory; all sessions end while it recovers.',
    description: `${where} lost {{ $value }} of its processes to a signal within 10m.`,
    runbook: 'postgres-server-process-died',
  },
  {
    name: 'PostgresFatal',
    severity: 'warning',
    query: `sum by (namespace, app) (count_over_time({${database}, event="error", level="fatal"}[10m])) > 50`,
    summary: 'PostgreSQL ends one session after another.',
    description: `${where} logged {{ $value }} fatal errors within 10m that no other alert is about.`,
    runbook: 'postgres-fatal',
  },
  {
    name: 'AutovacuumLeavesDeadRows',
    severity: 'warning',
    // The least of an hour: one long transaction that is over by the next round wakes nobody.
    query:
      'min_over_time({event="autovacuum"} | regexp `(?P<dead>[0-9]+) are dead but not yet removable` | unwrap dead | __error__="" [1h]) by (namespace, app, database, relation) > 10000',
    for: '15m',
    summary: 'Autovacuum finds dead rows that it must not remove, because something old may still read them: the table grows.',
    description: `{{ $labels.relation }} in {{ $labels.database }} (${where}) kept {{ $value }} dead rows through every round of an hour.`,
    runbook: 'autovacuum-leaves-dead-rows',
  },
]

export const loggingAlerts: readonly Alert[] = [
  {
    name: 'LogIngestionStopped',
    severity: 'critical',
    query: 'absent_over_time({namespace=~".+"}[5m])',
    for: '5m',
    summary: 'Loki got no line for ten minutes: whatever happens now, no other alert here can see it.',
    description: 'For five minutes no stream of any namespace had a line of the five minutes before.',
    runbook: 'log-ingestion-stopped',
  },
  {
    name: 'LogCollectionErrors',
    severity: 'warning',
    // From the line's beginning on: Loki logs every query, and this one has the words in it.
    query: 'sum by (namespace, app) (count_over_time({app=~"loki|log-collector"} |~ `^(ts=[^ ]+ )?level=error ` [10m])) > 20',
    summary: 'Loki or its collectors log errors: lines may be late or lost.',
    description: `${where} logged {{ $value }} errors within 10m.`,
    runbook: 'log-collection-errors',
  },
]
