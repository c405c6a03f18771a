import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
const parameter = Type.Union(
  [
    scalar,
    Type.Object(
      {
        type: Type.String({ minLength: 1, maxLength: 64, description: 'A DuckDB type.', examples: ['DATE', 'DECIMAL(18, 3)'] }),
        value: scalar,
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'A JSON value (text is VARCHAR, a whole number BIGINT, another DOUBLE), or {type, value} for any other DuckDB type.' },
)

/** What `/v1/query` and `/v1/queries` take. */
export const queryBody = Type.Object(
  {
    // DuckDB takes a text up to its first NUL: what follows would be neither checked nor run.
    sql: Type.String({
      minLength: 1,
      pattern: '^[^\\u0000]*$',
      description: 'One statement that reads: SELECT, FROM, VALUES, DESCRIBE, SUMMARIZE.',
    }),
    params: Type.Optional(
      Type.Union([Type.Array(parameter, { maxItems: 1_000 }), Type.Record(Type.String(), parameter)], {
        description: 'Values for $1, $2, … as a list, or for $name as an object.',
      }),
    ),
    asOf: Type.Optional(
      Type.Union(
        [
          Type.Object(
            { version: Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d{1,19}$' })]) },
            { additionalProperties: false },
          ),
          Type.Object({ timestamp: Type.String({ format: 'date-time' }) }, { additionalProperties: false }),
        ],
        { description: 'Reads every table as it was in this snapshot, or at this time.' },
      ),
    ),
    maxRows: Type.Optional(Type.Integer({ minimum: 1, description: 'Rows of a JSON answer; may only tighten the limit of the key.' })),
    timeoutMs: Type.Optional(
      Type.Integer({ minimum: 1, description: 'May only tighten the limit of the key. Up to 1000 the statement counts as short.' }),
    ),
  },
  { additionalProperties: false, title: 'Query' },
)

export const formatQuery = Type.Object(
  { format: Type.Optional(Type.String({ description: 'json, ndjson, csv, parquet or arrow; goes before the Accept header.' })) },
  { additionalProperties: false },
)

/** Takes the statement itself as a body, for people at a command line. */
export function acceptSql(app: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  app.addContentTypeParser('application/sql', { parseAs: 'string' }, (_request, sql, done) => done(null, { sql }))
}
