import { Type } from 'typebox'
import { eventTypes, runEvent } from '../lineage/run-event.ts'
import { next, pageQuery } from './pages.ts'

const text = Type.Union([Type.String(), Type.Null()])

/** One event alone is taken as a list of one. */
export const runEvents = Type.Array(runEvent, {
  minItems: 1,
  maxItems: 200,
  description: 'OpenLineage’s events of runs; also one alone.',
})

/** The farthest that a graph may go, and how far it goes by default: jobs between the dataset and the last node. */
export const maxDepth = 20
export const defaultDepth = '5'

export const graphQuery = Type.Object(
  {
    dataset: Type.String({ minLength: 1, pattern: '^[^\\u0000]*$', description: 'schema.table, or a name in another namespace.' }),
    namespace: Type.Optional(
      Type.String({ minLength: 1, pattern: '^[^\\u0000]*$', description: 'Of this lake if it is missing; s3://bucket for objects.' }),
    ),
    column: Type.Optional(Type.String({ minLength: 1, pattern: '^[^\\u0000]*$', description: 'The graph of this column instead.' })),
    direction: Type.Optional(
      Type.Enum(['up', 'down', 'both'], { description: 'What it was made of, what was made of it; both if it is missing.' }),
    ),
    depth: Type.Optional(Type.String({ pattern: '^([1-9]|1\\d|20)$', description: `Jobs on the way; ${defaultDepth} if it is missing.` })),
    format: Type.Optional(Type.Enum(['json', 'mermaid'], { description: 'The same as Accept says, for links.' })),
  },
  { additionalProperties: false },
)

const run = {
  id: Type.String(),
  state: Type.Enum([...eventTypes]),
  startedAt: Type.String(),
  endedAt: text,
  snapshotId: Type.Union([Type.String(), Type.Null()], { description: 'The version of the lake that it made.' }),
}

export const graph = Type.Object(
  {
    root: Type.String(),
    nodes: Type.Array(
      Type.Object({
        id: Type.String(),
        kind: Type.Enum(['dataset', 'job', 'column']),
        namespace: Type.String(),
        name: Type.String(),
        column: Type.Optional(Type.String()),
        type: Type.Optional(text),
        lastRun: Type.Optional(Type.Union([Type.Object(run), Type.Null()])),
      }),
    ),
    edges: Type.Array(
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        job: Type.Optional(Type.String({ description: 'Between columns.' })),
      }),
    ),
    truncated: Type.Boolean({ description: 'There is more: ask for one direction, or a smaller depth.' }),
  },
  { title: 'LineageGraph' },
)

const own = Type.Boolean({ description: 'A run of this service; else somebody told it.' })
const delivery = Type.Enum(['waiting', 'delivered', 'parked'])

const storedEvent = {
  type: Type.Enum([...eventTypes]),
  at: Type.String(),
  delivery: Type.Union([delivery, Type.Null()], { description: 'null: not for LINEAGE_URL.' }),
  fault: Type.Union([Type.String(), Type.Null()], { description: 'What LINEAGE_URL said when it did not take it.' }),
  event: Type.Unknown({ description: 'As it came, or went.' }),
}

export const lineageRun = Type.Object(
  {
    ...run,
    job: Type.Object({ namespace: Type.String(), name: Type.String(), type: text }),
    own,
    keyId: text,
    requestId: text,
    events: Type.Array(Type.Object(storedEvent)),
  },
  { title: 'LineageRun' },
)

export const eventsQuery = Type.Object(
  {
    delivery: Type.Optional(delivery),
    job: Type.Optional(Type.String({ minLength: 1, pattern: '^[^\\u0000]*$', description: 'Of the job of this name only.' })),
    ...pageQuery,
  },
  { additionalProperties: false },
)

export const listedEvents = Type.Object(
  { events: Type.Array(Type.Object({ runId: Type.String(), own, ...storedEvent })), next },
  { title: 'LineageEvents' },
)
