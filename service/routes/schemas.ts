import { Type } from 'typebox'
import { type ErrorCode, errors, isErrorCode } from '../errors.ts'

const codes: readonly ErrorCode[] = Object.keys(errors).filter(isErrorCode)

/** One value of a row, or the whole row, that cannot be written. */
export const rejectedRow = Type.Object(
  {
    line: Type.Integer({ description: 'Of the body, from 1; the number of the row in Parquet, Arrow and a JSON array.' }),
    column: Type.Optional(Type.String()),
    value: Type.Optional(Type.String({ description: 'Its beginning.' })),
    reason: Type.String(),
  },
  { title: 'RejectedRow' },
)

/** @see https://www.rfc-editor.org/rfc/rfc9457 */
const problem = Type.Object(
  {
    type: Type.String({ description: 'A page of this service about this kind of problem.' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ enum: [...codes], description: 'Stable: decide by this.' }),
    detail: Type.String({ description: 'A sentence for a person: what, where, what to do.' }),
    requestId: Type.String({ description: 'The log has more under this id.' }),
    position: Type.Optional(Type.Integer({ description: 'Place in the statement, as a JavaScript string index.' })),
    candidates: Type.Optional(Type.Array(Type.String(), { description: 'Names that exist and look like the one that does not.' })),
    rejectedCount: Type.Optional(Type.Integer({ description: 'Rows that do not fit.' })),
    errors: Type.Optional(Type.Array(rejectedRow, { description: 'The first of them.' })),
  },
  { title: 'Problem' },
)

/** A name as PostgreSQL takes it: its text has no NUL. */
export const name = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000]*$' })

export const tablePath = Type.Object({ schema: name, table: name })

export function orNull<Schema extends Type.TSchema>(schema: Schema, description = '') {
  return Type.Union([schema, Type.Null()], description ? { description } : {})
}

/** An id as PostgreSQL takes it: the format alone would let `urn:uuid:` pass. */
export const uuid = Type.String({ format: 'uuid', pattern: '^[\\da-fA-F]{8}(-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}$' })

/** The errors that any route may answer with. */
export const problems = {
  '4xx': { description: 'A problem that the caller can mend', content: { 'application/problem+json': { schema: problem } } },
  '5xx': { description: 'A problem of the service or of what it stands on', content: { 'application/problem+json': { schema: problem } } },
} as const

export const column = Type.Object(
  { name: Type.String(), type: Type.String({ description: 'DuckDB’s name of the type.' }) },
  { title: 'Column' },
)

/** A result in JSON. */
export const jsonResult = Type.Object(
  {
    queryId: Type.String(),
    snapshotId: Type.Union([Type.String(), Type.Null()], { description: 'The version of the lake that was read.' }),
    columns: Type.Array(column),
    rows: Type.Array(Type.Array(Type.Unknown())),
    rowCount: Type.Integer(),
    truncated: Type.Boolean({ description: 'There are more rows than maxRows.' }),
    elapsedMs: Type.Integer(),
  },
  { title: 'Result' },
)

const bytes = Type.String({ format: 'binary' })

/** A result in any format. */
export const results = {
  description: 'The rows. A stream that fails after its head is cut; NDJSON gets a last line {"error": …} before that.',
  headers: {
    'x-query-id': { type: 'string' },
    'x-snapshot-id': { type: 'string', description: 'Missing if the statement read no table.' },
    'x-request-id': { type: 'string' },
  },
  content: {
    'application/json': { schema: jsonResult },
    'application/x-ndjson': { schema: bytes },
    'text/csv': { schema: bytes },
    'application/vnd.apache.parquet': { schema: bytes },
    'application/vnd.apache.arrow.stream': { schema: bytes },
  },
} as const
