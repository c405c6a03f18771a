import { postgresEvents } from '../../../constructs/log-pipelines.ts'
import { requestLine, serviceLine } from './service-lines.ts'

/** What a container may print without an alert, and what makes it fire. */
export interface AlertSample {
  readonly alert: string
  readonly container: 'postgres' | 'service' | 'loki'
  readonly quiet: readonly string[]
  readonly fires: readonly string[]
}

export const alertSamples: readonly AlertSample[] = [
  ...postgresEvents.flatMap(({ alert, sample }) => (alert ? [counted(alert.name, 'postgres', alert.above, sample)] : [])),
  counted('PostgresFatal', 'postgres', 50, postgres('57P01', 'FATAL:  terminating connection due to administrator command')),
  {
    alert: 'PostgresPanic',
    container: 'postgres',
    // What a client calls itself is not what the server says.
    quiet: [postgres('42601', 'ERROR:  syntax error at or near "x"', 'PANIC:  x')],
    fires: [postgres('58P01', 'PANIC:  could not open file "global/pg_control": No such file or directory')],
  },
  {
    alert: 'PostgresServerProcessDied',
    container: 'postgres',
    quiet: [
      '2026-11-23 02:21:05.101 UTC [1] 00000 postmaster LOG:  background worker "logical replication launcher" (PID 71) exited with exit code 1',
    ],
    fires: ['2026-11-23 02:21:05.101 UTC [1] 00000 postmaster LOG:  server process (PID 4711) was terminated by signal 9: Killed'],
  },
  {
    alert: 'AutovacuumLeavesDeadRows',
    container: 'postgres',
    quiet: [autovacuum(50_000), autovacuum(9_000)],
    fires: [autovacuum(50_000), autovacuum(40_000)],
  },
  {
    alert: 'ServiceErrorRate',
    container: 'service',
    quiet: [
      ...Array.from({ length: 400 }, () => requestLine(200)),
      ...Array.from({ length: 15 }, () => requestLine(500)),
      // Not ready is no answer to a caller.
      ...Array.from({ length: 100 }, () => requestLine(503, { method: 'GET', route: '/readyz' })),
    ],
    fires: [...Array.from({ length: 100 }, () => requestLine(200)), ...Array.from({ length: 15 }, () => requestLine(503))],
  },
  counted('ServiceUnexpectedErrors', 'service', 5, serviceLine('error', { err: { message: 'x' } }, 'unexpected error')),
  {
    alert: 'ServiceEnginesKilled',
    container: 'service',
    quiet: Array.from({ length: 50 }, () => engineEnded('recycled')),
    fires: [...Array.from({ length: 3 }, () => engineEnded('killed')), ...Array.from({ length: 3 }, () => engineEnded('lost'))],
  },
  counted(
    'ServiceEnginesDoNotStart',
    'service',
    5,
    serviceLine('warn', { engine_class: 'reader', err: { message: 'x' } }, 'an engine did not start'),
  ),
  counted(
    'QueueMessagesPutAside',
    'service',
    0,
    serviceLine('warn', { table: 'numbers', messages: 2 }, 'messages of the queue were put aside'),
  ),
  counted('QueueNotDrained', 'service', 5, serviceLine('warn', { table: 'numbers', code: 'tableUnknown' }, 'the queue is not drained')),
  counted('ProgramGaveUp', 'service', 0, serviceLine('fatal', {}, 'the end')),
  counted('ProgramErrors', 'service', 50, serviceLine('error', {}, 'one error')),
  counted('LogCollectionErrors', 'loki', 20, 'level=error ts=2026-11-26T01:43:15.03Z caller=flush.go:178 msg="failed to flush"'),
]

/** So many are allowed, and one more is not. */
function counted(alert: string, container: AlertSample['container'], allowed: number, line: string): AlertSample {
  return { alert, container, quiet: Array.from({ length: allowed }, () => line), fires: Array.from({ length: allowed + 1 }, () => line) }
}

function postgres(sqlstate: string, message: string, application = 'ducklake-reader'): string {
  return `2026-11-23 02:21:05.101 UTC [4711] ${sqlstate} client backend [user=ducklake,db=catalog,host=10.0.0.7,app=${application}]\t${message}`
}

function autovacuum(dead: number): string {
  return [
    '2026-11-23 02:20:59.152 UTC [12350] 00000 autovacuum worker LOG:  automatic vacuum of table "catalog.pgmq.q_events": index scans: 1',
    `\ttuples: 0 removed, ${dead} remain, ${dead} are dead but not yet removable`,
    '\tsystem usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.04 s',
  ].join('\n')
}

function engineEnded(how: string): string {
  return serviceLine(how === 'recycled' ? 'info' : 'warn', { engine_class: 'reader', how }, 'an engine ended and is being replaced')
}
