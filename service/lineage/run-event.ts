import { type Static, Type } from 'typebox'

/** As PostgreSQL takes it: the format alone would let `urn:uuid:` pass. */
const uuid = Type.String({ format: 'uuid', pattern: '^[\\da-fA-F]{8}(-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}$' })

/** Longer names are nobody's: they would only fill the database. */
const maxNameLength = 2_000

const name = Type.String({ minLength: 1, maxLength: maxNameLength, pattern: '^[^\\u0000]*$' })
const uri = Type.String({ format: 'uri', maxLength: maxNameLength })

/** Each facet says who wrote it and by which rules; what else is in it is its own. */
const facet = Type.Object({ _producer: uri, _schemaURL: uri }, { additionalProperties: true })
const facets = (known: Parameters<typeof Type.Object>[0] = {}) => Type.Optional(Type.Object(known, { additionalProperties: facet }))

const inputField = Type.Object({ namespace: name, name, field: name }, { additionalProperties: true })
const columnLineage = Type.Object(
  {
    ...facet.properties,
    fields: Type.Record(
      Type.String(),
      Type.Object({ inputFields: Type.Array(inputField, { maxItems: 10_000 }) }, { additionalProperties: true }),
    ),
  },
  { additionalProperties: true },
)
const symlinks = Type.Object(
  {
    ...facet.properties,
    identifiers: Type.Optional(
      Type.Array(Type.Object({ namespace: name, name, type: name }, { additionalProperties: true }), { maxItems: 100 }),
    ),
  },
  { additionalProperties: true },
)
const jobType = Type.Object({ ...facet.properties, jobType: Type.Optional(Type.String()) }, { additionalProperties: true })

const dataset = Type.Object(
  {
    namespace: name,
    name,
    facets: Type.Optional(
      Type.Object(
        {
          schema: Type.Optional(facet),
          version: Type.Optional(facet),
          columnLineage: Type.Optional(columnLineage),
          symlinks: Type.Optional(symlinks),
        },
        { additionalProperties: facet },
      ),
    ),
    inputFacets: facets(),
    outputFacets: facets(),
  },
  { additionalProperties: true },
)

export const eventTypes = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] as const
export type EventType = (typeof eventTypes)[number]

/** Each run has one of these at its end. */
export const terminalTypes = ['COMPLETE', 'FAIL', 'ABORT'] as const
export type TerminalType = (typeof terminalTypes)[number]

/** An event of a run, as far as the graph is made of it: other fields and facets are kept as they come.
 * @see https://openlineage.io/spec/2-0-2/OpenLineage.json */
export const runEvent = Type.Object(
  {
    eventType: Type.Enum([...eventTypes]),
    eventTime: Type.String({ format: 'date-time' }),
    producer: uri,
    schemaURL: uri,
    run: Type.Object({ runId: uuid, facets: facets() }, { additionalProperties: true }),
    job: Type.Object(
      { namespace: name, name, facets: Type.Optional(Type.Object({ jobType: Type.Optional(jobType) }, { additionalProperties: facet })) },
      { additionalProperties: true },
    ),
    inputs: Type.Optional(Type.Array(dataset, { maxItems: 1_000 })),
    outputs: Type.Optional(Type.Array(dataset, { maxItems: 1_000 })),
  },
  { additionalProperties: true, title: 'RunEvent' },
)
export type RunEvent = Static<typeof runEvent>
export type EventDataset = Static<typeof dataset>
