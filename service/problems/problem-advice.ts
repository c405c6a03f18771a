import type { ErrorCode } from '../errors.ts'

/** What to do about an error, for whom its `detail` is not enough. */
export interface Advice {
  /** For the caller. */
  readonly caller: string
  /** For whoever runs the service. */
  readonly operator?: string
  /** A page of docs/, with its place in it. */
  readonly page?: string
}

/** Of errors that have more to say than their `detail`. The others are the caller's to mend, as that says. */
export const problemAdvice: Partial<Record<ErrorCode, Advice>> = {
  dataInvalid: {
    caller: 'The problem lists the first rows that do not fit, with line, column and value. Mend them, or allow some with maxRejects.',
    page: 'writing.md',
  },
  unauthenticated: {
    caller: 'Send "Authorization: Bearer" with a key that is neither revoked nor expired; an administrator makes one.',
    operator: '"npx lake keys" lists keys. npm start keeps its administrator’s in .lake/admin-key.',
    page: 'cli.md',
  },
  statementRefused: {
    caller: 'Queries read, at /v1/query; statements that change the lake go to /v1/statements.',
    page: 'service.md#what-a-statement-may-do',
  },
  snapshotNotFound: {
    caller: '/v1/snapshots lists the versions that can still be read; older ones have expired.',
    operator: 'The setting maintenance.expireAfterHours says how long they stay.',
    page: 'maintenance.md',
  },
  writeInProgress: { caller: 'The first request still runs: wait for its end and send this one again.', page: 'writing.md' },
  writeConflict: { caller: 'Nothing was written: read what is there now, and write again.', page: 'writing.md' },
  outOfMemory: {
    caller: 'Ask for fewer rows or columns, or join and sort less at once.',
    operator: 'ENGINE_MEMORY_MB is what a statement may have before it spills.',
    page: 'runbooks/service-engines-killed.md',
  },
  tooManyQueries: {
    caller: 'Come back when Retry-After says, or send long statements to /v1/queries.',
    operator: 'More pods, ENGINES or QUEUE_MAX_QUERIES take more at once.',
    page: 'operations.md',
  },
  tooManyRequests: { caller: 'Go on when Retry-After says; an administrator can raise the limit of the key.' },
  internal: {
    caller: 'Tell whoever runs the service the id of the request.',
    operator: 'The log has the reason under that id.',
    page: 'runbooks/service-unexpected-errors.md',
  },
  outcomeUnknown: {
    caller:
      'Send the same again with the same Idempotency-Key: it says whether the write is in the lake. Without one, look into the table.',
    page: 'writing.md',
  },
  engineLost: {
    caller: 'Send it again; if it happens again, ask for less at once.',
    operator: 'Engines that end by themselves were killed for their memory most often.',
    page: 'runbooks/service-engines-killed.md',
  },
  engineNotReady: {
    caller: 'Come back when Retry-After says.',
    operator: '"npx lake doctor" with the environment of the service says what its engines lack.',
    page: 'runbooks/service-engines-do-not-start.md',
  },
  catalogUnavailable: {
    caller: 'Come back when Retry-After says.',
    operator: 'PostgreSQL is away or refuses the service: "npx lake doctor" with its environment says which.',
    page: 'runbooks/README.md',
  },
  catalogUnfit: {
    caller: 'Tell whoever runs the service.',
    operator: '"npx lake doctor" with the environment of the service says in what it differs.',
    page: 'cli.md#the-doctor',
  },
  storageUnavailable: {
    caller: 'Come back when Retry-After says.',
    operator: 'The object store is away, or refuses a key: "npx lake doctor" with the environment of the service says which.',
    page: 'cli.md#the-doctor',
  },
  queueUnavailable: { caller: 'Write rows at once, at /v1/tables/{schema}/{table}/rows.', page: 'runbooks/pgmq-queue-missing.md' },
  storageFull: {
    caller: 'Ask for less at once, or tell whoever runs the service.',
    operator: 'ENGINE_SPILL_MB bounds one statement; the disk may be full.',
    page: 'maintenance.md#when-the-disk-is-full',
  },
}
