import { type Static, Type } from 'typebox'
import { type Grants, mayRead } from '../access/grants.ts'
import type { TableName } from '../catalog/table-name.ts'
import { ServiceError } from '../errors.ts'
import { queueTable } from '../queue/queue-table.ts'
import type { QueueState } from '../store/queues.ts'

export const tags = ['queue']

export const queuePath = Type.Object({
  table: Type.String({
    minLength: 1,
    maxLength: 1_100,
    description: 'table, schema.table, or "a.b"."c" for names with dots.',
    examples: ['main.rides'],
  }),
})

const count = Type.String({ description: 'All digits, as text.' })

/** What is told of a queue. */
export const queueEntry = Type.Object(
  {
    schema: Type.String(),
    table: Type.String(),
    state: Type.Enum(['idle', 'draining', 'blocked'], {
      description: 'blocked: no message comes into the table, and `obstacle` says why.',
    }),
    depth: Type.String({ description: 'Messages that wait or are on their way, all digits.' }),
    oldestAgeSeconds: Type.Union([Type.Integer(), Type.Null()], { description: 'How long the oldest of them has waited.' }),
    dead: Type.String({ description: 'Messages that were put aside because they do not fit, all digits.' }),
    drainedCount: count,
    drainedAt: Type.Union([Type.String(), Type.Null()]),
    obstacle: Type.Union([Type.Object({ code: Type.String(), detail: Type.String(), since: Type.String() }), Type.Null()]),
  },
  { title: 'QueueEntry' },
)

export function queueEntryOf({ name: _, drainedAt, obstacle, ...state }: QueueState): Static<typeof queueEntry> {
  return {
    ...state,
    state: obstacle ? 'blocked' : state.depth === '0' ? 'idle' : 'draining',
    drainedAt: drainedAt?.toISOString() ?? null,
    obstacle: obstacle && { code: obstacle.code, detail: obstacle.detail, since: obstacle.since },
  }
}

/** The table that an address names. @throws ServiceError notFound, the same whether it is not there or the key may not know of it */
export function grantedTable(text: string, grants: Grants): TableName {
  const table = queueTable(text)
  if (!mayRead(grants, table)) throw new ServiceError('notFound', `There is no table ${table.schema}.${table.name} that this key may use.`)
  return table
}
