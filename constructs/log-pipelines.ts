import { unwrapRecord } from './log-pipeline/cloudnative-pg-record.ts'
import { readJson } from './log-pipeline/json-line.ts'
import { fieldNames, type LogEvent } from './log-pipeline/log-event.ts'
import { readPgmqCall } from './log-pipeline/pgmq-call.ts'
import { firstLine, firstLineOf, postgresContainers, readPrefix, readRequestId, reports } from './log-pipeline/postgres-report.ts'
import type { Stage } from './log-pipeline/stage.ts'

// What is read out of logs. Each event of PostgreSQL below is a label in Loki, and with `alert` a rule, and with `panel` a graph.
// docs/add-a-log-event.md adds one.

/** The first that fits is the one an entry gets, so that every entry counts once. */
export const postgresEvents: readonly LogEvent[] = [
  {
    name: 'deadlock',
    when: { sqlstate: '40P01', message: 'deadlock detected' },
    sample: [
      '2026-11-23 02:20:58.239 UTC [12111] 40P01 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-writer]\tERROR:  deadlock detected',
      '2026-11-23 02:20:58.239 UTC [12111] 40P01 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-writer]\tDETAIL:  Process 12111 waits for ShareLock on transaction 2496; blocked by process 12144.',
      '\tProcess 12144 waits for ShareLock on transaction 2495; blocked by process 12111.',
    ].join('\n'),
    alert: {
      name: 'PostgresDeadlocks',
      severity: 'warning',
      above: 0,
      within: '10m',
      summary: 'PostgreSQL ended a transaction because two waited for each other.',
      runbook: 'postgres-deadlocks',
    },
    panel: { title: 'Deadlocks', by: ['database'] },
  },
  {
    name: 'lock_wait',
    when: { level: ['LOG'], message: 'process [0-9]+ still waiting for ' },
    sample:
      '2026-11-23 02:20:58.819 UTC [12284] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-writer]\tLOG:  process 12284 still waiting for ShareLock on transaction 2497 after 1000.109 ms',
    alert: {
      name: 'PostgresLockWaits',
      severity: 'warning',
      above: 30,
      within: '10m',
      summary: 'Sessions wait longer than a second for each other’s locks, again and again.',
      runbook: 'postgres-lock-waits',
    },
    panel: { title: 'Waits for locks', by: ['application'] },
  },
  {
    name: 'authentication_failure',
    when: { level: ['FATAL'], sqlstate: '28P01|28000' },
    sample:
      '2026-11-23 02:20:57.046 UTC [12071] 28P01 client backend [user=app,db=catalog,host=10.0.0.9,app=[unknown]]\tFATAL:  password authentication failed for user "app"',
    alert: {
      name: 'PostgresAuthenticationFailures',
      severity: 'warning',
      above: 4,
      within: '5m',
      summary: 'Somebody fails to log in to PostgreSQL: a changed password, or an attempt to guess one.',
      runbook: 'postgres-authentication-failures',
    },
    panel: { title: 'Refused log-ins', by: ['user'] },
  },
  {
    name: 'too_many_connections',
    when: { sqlstate: '53300' },
    sample:
      '2026-11-23 02:21:04.714 UTC [12909] 53300 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=[unknown]]\tFATAL:  sorry, too many clients already',
    alert: {
      name: 'PostgresTooManyConnections',
      severity: 'critical',
      above: 0,
      within: '5m',
      summary: 'PostgreSQL refuses connections, because all that it may have are taken.',
      runbook: 'postgres-too-many-connections',
    },
    panel: { title: 'Refused because of too many connections' },
  },
  {
    name: 'disk_full',
    when: { sqlstate: '53100' },
    sample:
      '2026-11-23 02:21:05.101 UTC [12910] 53100 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-writer]\tERROR:  could not extend file "base/16384/16450": No space left on device',
    alert: {
      name: 'PostgresDiskFull',
      severity: 'critical',
      above: 0,
      within: '5m',
      summary: 'PostgreSQL’s volume is full: nothing can be written.',
      runbook: 'postgres-disk-full',
    },
  },
  {
    name: 'corruption',
    // PostgreSQL 18 reads in processes of their own, which say LOG to the same page.
    when: [
      { level: ['ERROR', 'FATAL', 'PANIC'], sqlstate: 'XX00[12]' },
      { level: ['PANIC'], message: 'could not (locate|read) .*(checkpoint record|WAL|control file)' },
    ],
    sample:
      '2026-11-23 02:21:05.202 UTC [12911] XX001 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-reader]\tERROR:  invalid page in block 0 of relation "base/16384/16450"',
    alert: {
      name: 'PostgresCorruption',
      severity: 'critical',
      above: 0,
      within: '1h',
      summary: 'PostgreSQL read something from its disk that it never wrote.',
      runbook: 'postgres-corruption',
    },
  },
  {
    name: 'wraparound',
    when: [
      { level: ['LOG'], message: 'automatic (aggressive )?vacuum to prevent wraparound of table ' },
      { message: 'database .* must be vacuumed within |database is not accepting commands .*wraparound' },
    ],
    sample:
      '2026-11-23 02:21:06.303 UTC [12912] 00000 autovacuum worker LOG:  automatic aggressive vacuum to prevent wraparound of table "catalog.public.ducklake_snapshot": index scans: 0',
    fields: 'of table "(?P<database>[^".]+)[.](?P<relation>[^"]+)"',
    alert: {
      name: 'PostgresWraparound',
      severity: 'warning',
      above: 0,
      within: '1h',
      summary: 'A table was not vacuumed for so long that PostgreSQL must do it now; left alone, the server will stop taking writes.',
      runbook: 'postgres-wraparound',
    },
  },
  {
    name: 'missing_queue',
    when: { sqlstate: '42P01', message: 'relation "pgmq[.][qa]_' },
    sample: [
      '2026-11-23 02:20:49.376 UTC [11443] 42P01 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tERROR:  relation "pgmq.q_nosuch" does not exist at character 22',
      '2026-11-23 02:20:49.376 UTC [11443] 42P01 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tCONTEXT:  PL/pgSQL function pgmq.send(text,jsonb,jsonb,timestamp with time zone) line 14 at RETURN QUERY',
      "2026-11-23 02:20:49.376 UTC [11443] 42P01 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tSTATEMENT:  select * from pgmq.read('nosuch', 30, 1)",
    ].join('\n'),
    fields: 'relation "pgmq[.][qa]_(?P<queue>[^"]+)" does not exist',
    alert: {
      name: 'PgmqQueueMissing',
      severity: 'warning',
      above: 0,
      within: '10m',
      summary: 'Something was sent to a queue, or read from one, that does not exist.',
      runbook: 'pgmq-queue-missing',
    },
    panel: { title: 'Calls of missing queues', by: ['queue'] },
  },
  {
    name: 'statement',
    when: { level: ['LOG'], message: 'duration: [0-9.]+ ms' },
    sample:
      '2026-11-23 02:20:45.894 UTC [11293] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tLOG:  duration: 1013.222 ms  statement: select * from pgmq.send(\'events\', \'{"request_id":"req-3"}\'::jsonb)',
    alert: {
      name: 'PostgresSlowStatements',
      severity: 'warning',
      above: 100,
      within: '10m',
      summary: 'More than a hundred statements in ten minutes took longer than PostgreSQL logs.',
      runbook: 'postgres-slow-statements',
    },
    panel: { title: 'Slow statements', by: ['application'] },
  },
  {
    name: 'connection',
    when: { level: ['LOG'], message: 'connection (received|authenticated|authorized|ready)|disconnection: ' },
    sample:
      '2026-11-23 02:20:41.032 UTC [10993] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=[unknown]]\tLOG:  connection authorized: user=ducklake database=catalog application_name=ducklake-reader',
    panel: { title: 'Connections' },
  },
  {
    name: 'temp_file',
    when: { level: ['LOG'], message: 'temporary file: path ' },
    sample:
      '2026-11-23 02:20:50.919 UTC [11473] 00000 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-reader]\tLOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp11473.1", size 2203648',
    alert: {
      name: 'PostgresTemporaryFiles',
      severity: 'warning',
      above: 100,
      within: '10m',
      summary: 'PostgreSQL sorts on the disk, because its memory for sorting is too small for what is asked.',
      runbook: 'postgres-temporary-files',
    },
    panel: { title: 'Temporary files', by: ['application'] },
  },
  {
    name: 'checkpoint',
    when: { level: ['LOG'], message: '(checkpoint|restartpoint) complete: ' },
    sample:
      '2026-11-23 02:21:07.117 UTC [10982] 00000 checkpointer LOG:  checkpoint complete: wrote 3699 buffers (90.3%), wrote 3 SLRU buffers; 0 WAL file(s) added, 0 removed, 3 recycled; write=0.071 s, sync=0.451 s, total=0.538 s; sync files=384, longest=0.050 s, average=0.002 s; distance=53228 kB, estimate=53228 kB; lsn=0/2156988, redo lsn=0/2156930',
    panel: { title: 'Checkpoints' },
  },
  {
    name: 'autovacuum',
    when: { level: ['LOG'], message: 'automatic (aggressive )?vacuum of table ' },
    sample: [
      '2026-11-23 02:20:59.152 UTC [12350] 00000 autovacuum worker LOG:  automatic vacuum of table "catalog.pgmq.q_events": index scans: 1',
      '\tpages: 0 removed, 26 remain, 26 scanned (100.00% of total), 0 eagerly scanned',
      '\ttuples: 3000 removed, 17 remain, 0 are dead but not yet removable',
      '\tbuffer usage: 1918 hits, 22 reads, 26 dirtied',
      '\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.04 s',
    ].join('\n'),
    fields: 'of table "(?P<database>[^".]+)[.](?P<relation>[^"]+)"',
    panel: { title: 'Autovacuum', by: ['relation'] },
  },
  {
    name: 'autoanalyze',
    when: { level: ['LOG'], message: 'automatic analyze of table ' },
    sample: [
      '2026-11-23 02:20:55.945 UTC [11953] 00000 autovacuum worker LOG:  automatic analyze of table "catalog.public.ducklake_data_file"',
      '\tbuffer usage: 379 hits, 3 reads, 0 dirtied',
      '\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.00 s',
    ].join('\n'),
    fields: 'of table "(?P<database>[^".]+)[.](?P<relation>[^"]+)"',
    panel: { title: 'Autoanalyze', by: ['relation'] },
  },
  {
    // Last: every other error has an event of its own.
    name: 'error',
    when: { level: ['ERROR', 'FATAL', 'PANIC'] },
    sample: [
      '2026-11-23 02:20:56.133 UTC [11989] 23505 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tERROR:  duplicate key value violates unique constraint "t_pkey"',
      '2026-11-23 02:20:56.133 UTC [11989] 23505 client backend [user=ducklake,db=catalog,host=10.0.0.7,app=ducklake-gateway]\tDETAIL:  Key (id)=(1) already exists.',
    ].join('\n'),
    alert: {
      name: 'PostgresErrors',
      severity: 'warning',
      above: 50,
      within: '10m',
      summary: 'PostgreSQL refuses one statement after another.',
      runbook: 'postgres-errors',
    },
    panel: { title: 'Errors', by: ['sqlstate'] },
  },
]

/** What a collector does with every line, in this order. The time of an entry stays the container runtime's, in nanoseconds: two equal
 * lines at one time would be one entry in Loki. */
export function collectorPipeline(events: readonly LogEvent[] = postgresEvents): readonly Stage[] {
  return [
    { stage: 'cri' },
    unwrapRecord,
    // A long statement may have hundreds of lines. What comes after the last is an entry without labels, not lost.
    { stage: 'match', where: reports, stages: [{ stage: 'multiline', firstLine, maxLines: 1000 }] },
    {
      stage: 'match',
      where: reports,
      stages: [...readPrefix, readRequestId, ...readPgmqCall, ...events.map(labelEvent)],
    },
    labelDatabase,
    { stage: 'match', where: reports, stages: [{ stage: 'metadata', names: fieldNames }] },
    readJson,
    { stage: 'dropLabels', names: ['filename', 'stream'] },
  ]
}

function labelEvent({ name, when, fields }: LogEvent): Stage {
  return {
    stage: 'match',
    where: { labels: postgresContainers, unset: ['event'], line: [when].flat().map(firstLineOf).join('|') },
    stages: [{ stage: 'label', name: 'event', value: name }, ...(fields ? [{ stage: 'regex', expression: fields } as const] : [])],
  }
}

/** Only of sessions that the server has let in: everybody else can name a database that does not exist, and each would be a stream. */
const labelDatabase: Stage = {
  stage: 'match',
  where: { labels: { ...postgresContainers, event: '.+' }, notLabels: { event: 'connection', level: 'fatal' } },
  stages: [{ stage: 'labels', names: ['database'], few: 'a server has as many as its administrator made' }],
}
