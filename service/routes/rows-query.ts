import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type FooterTrust, footerTrusts } from '../engine/ingest/parquet-fit.ts'
import { type CsvOptions, type SourceFormat, sourceFormats } from '../engine/ingest/source.ts'
import type { Column } from '../engine/messages.ts'
import { type WriteMode, writeModes } from '../engine/writes/load-order.ts'
import { ServiceError } from '../errors.ts'
import { column, name } from './schemas.ts'

/** How CSV is written. */
export const csvQuery = {
  delimiter: Type.Optional(
    Type.String({ minLength: 1, maxLength: 4, pattern: '^[^\\u0000\\r\\n"]*$', description: 'Of CSV; found out if it is missing.' }),
  ),
  header: Type.Optional(Type.Enum(['true', 'false'], { description: 'Whether CSV has names in its first line: true if it is missing.' })),
  nullText: Type.Optional(
    Type.String({ maxLength: 64, pattern: '^[^\\u0000]*$', description: 'What stands for NULL in CSV: nothing if it is missing.' }),
  ),
}

export const rowsQuery = Type.Object(
  {
    mode: Type.Optional(
      Type.Enum([...writeModes], {
        description:
          'append (the default) adds rows; create makes the table first; replace takes all rows out before; upsert takes out those with the same key.',
      }),
    ),
    key: Type.Optional(
      Type.Union([name, Type.Array(name)], { description: 'For upsert: a column by which rows are the same; repeat it for several.' }),
    ),
    columns: Type.Optional(
      Type.String({
        description:
          'For create and replace, as JSON: [{"name": "id", "type": "BIGINT"}]. Without it a new table’s are inferred from the rows.',
      }),
    ),
    maxRejects: Type.Optional(
      Type.String({ pattern: '^\\d{1,9}$', description: 'Rows that may be left out because they do not fit; 0 if it is missing.' }),
    ),
    register: Type.Optional(
      Type.Enum(['never', ...footerTrusts], {
        description:
          'Whether Parquet that fits becomes a file of the table as it is: checked (the default) reads it first, trusted believes its footer, never writes its rows anew.',
      }),
    ),
    ...csvQuery,
    object: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1_024, description: 'The key of an object with the rows, in place of a body.' }),
    ),
    format: Type.Optional(
      Type.Enum([...sourceFormats], { description: 'Of the object; found out by its content type and key if it is missing.' }),
    ),
    dryRun: Type.Optional(Type.Enum(['', 'true', 'false'], { description: 'Reads every row and commits nothing.' })),
    timeoutMs: Type.Optional(Type.String({ pattern: '^\\d{1,9}$', description: 'May only tighten the limit.' })),
  },
  { additionalProperties: false },
)

/** What the address of a write says. */
export interface RowsOptions {
  readonly mode: WriteMode
  readonly key?: readonly string[]
  readonly columns?: readonly Column[]
  readonly maxRejects: number
  readonly csv?: CsvOptions
  /** Missing: rows are written anew. */
  readonly register?: FooterTrust
  readonly dryRun: boolean
}

/** @throws ServiceError invalidRequest if one does not go with the other */
export function readRowsQuery(query: Static<typeof rowsQuery>, format: SourceFormat): RowsOptions {
  const { mode = 'append', key, columns, maxRejects = '0', dryRun = 'false' } = query
  const csv = csvOptions(query)
  if (columns !== undefined && mode !== 'create' && mode !== 'replace')
    throw new ServiceError('invalidRequest', `columns is for mode=create and mode=replace: mode=${mode} keeps the table’s own.`)
  if ((mode === 'upsert') !== (key !== undefined))
    throw new ServiceError('invalidRequest', 'mode=upsert needs key=, the columns by which rows are the same, and no other mode does.')
  const mayRegister = format === 'parquet' && (mode === 'append' || mode === 'replace') && columns === undefined
  const { register = 'checked' } = query
  if (query.register !== undefined && !mayRegister)
    throw new ServiceError('invalidRequest', 'register is for Parquet, with mode=append or mode=replace and without columns.')
  return {
    mode,
    ...(mayRegister && register !== 'never' && { register }),
    maxRejects: Number(maxRejects),
    dryRun: dryRun !== 'false',
    ...(csv && { csv }),
    ...(key !== undefined && { key: [key].flat() }),
    ...(columns !== undefined && { columns: readColumns(columns) }),
  }
}

/** Those that were said. */
export function csvOptions({ delimiter, header, nullText }: Pick<Static<typeof rowsQuery>, keyof typeof csvQuery>): CsvOptions | undefined {
  if (delimiter === undefined && header === undefined && nullText === undefined) return undefined
  return {
    ...(delimiter !== undefined && { delimiter }),
    ...(header !== undefined && { header: header === 'true' }),
    ...(nullText !== undefined && { nullText }),
  }
}

const columnList = Type.Array(column, { minItems: 1, maxItems: 10_000 })

function readColumns(text: string): readonly Column[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (Value.Check(columnList, value)) return value
  throw new ServiceError('invalidRequest', 'columns is not the JSON [{"name": "…", "type": "…"}, …] with at least one column.')
}
