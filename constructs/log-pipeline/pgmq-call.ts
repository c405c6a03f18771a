import type { Stage } from './stage.ts'

// A call of PGMQ in a logged statement: `pgmq.send('events', …)`, or `pgmq.send($1, …)` with the queue among the parameters.

const operations = [
  'send_batch',
  'send',
  'read_with_poll',
  'read',
  'pop',
  'archive',
  'delete',
  'set_vt',
  'create_partitioned',
  'create_unlogged',
  'create',
  'detach_archive',
  'drop_queue',
  'purge_queue',
  'metrics_all',
  'metrics',
  'list_queues',
].join('|')

/** Where a statement begins that was carried out. A driver's one call is logged as parse, bind and execute: only the last counts. */
const carriedOut = '^[^[:cntrl:]]*[[:cntrl:]]LOG:  (?:duration: [0-9.]+ ms  )?(?:statement|execute [^:]*): '
/** In an error's report the statement comes last; before it, CONTEXT names functions of PGMQ that nobody called. */
const failed = '[[:cntrl:]]STATEMENT:  '

const call = `(?is)(?:${carriedOut}|${failed}).*?pgmq[.]"?(?P<operation>${operations})"?[[:space:]]*[(]`
const queueName = '[[:space:]]*(?:queue_name[[:space:]]*(?:=>|:=)[[:space:]]*)?'

export const readPgmqCall: readonly Stage[] = [
  { stage: 'regex', expression: call },
  { stage: 'regex', expression: `${call}${queueName}'(?P<queue>[A-Za-z0-9_]{1,48})'` },
  // PostgreSQL 17 writes it with a capital letter.
  { stage: 'regex', expression: `${call}${queueName}[$]1[^0-9].*?[Pp]arameters: [$]1 = '(?P<queue>[A-Za-z0-9_]{1,48})'` },
  { stage: 'regex', expression: `${call}${queueName}[$]2[^0-9].*?[Pp]arameters: [$]1 = .*?, [$]2 = '(?P<queue>[A-Za-z0-9_]{1,48})'` },
  { stage: 'regex', expression: `${call}${queueName}[$]3[^0-9].*?[Pp]arameters: [$]1 = .*?, [$]3 = '(?P<queue>[A-Za-z0-9_]{1,48})'` },
]
