import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Caller } from '../access/caller.ts'
import { mayRead } from '../access/grants.ts'
import { metadataDatabase as meta } from '../catalog/metadata-database.ts'
import { quote, quoteName } from '../catalog/quote.ts'
import { listTablesSql, type TableEntry, tableEntry } from '../catalogue/list-tables.ts'
import { readRows } from '../catalogue/read-rows.ts'
import { sendIfChanged } from '../catalogue/send-if-changed.ts'
import type { QueryLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { negotiateFormat } from '../results/negotiate-format.ts'
import { runForRequest } from '../results/run-for-request.ts'
import { sendResult } from '../results/send-result.ts'
import { statementOf } from '../results/statement-of.ts'
import { formatQuery } from './query-body.ts'
import { problems, results, tablePath } from './schemas.ts'

const digits = Type.Union([Type.String(), Type.Null()], { description: 'All digits, as text.' })
const entry = Type.Object(
  {
    schema: Type.String(),
    name: Type.String(),
    kind: Type.Union([Type.Literal('table'), Type.Literal('view')]),
    rowCount: digits,
    fileCount: Type.Union([Type.Integer(), Type.Null()]),
    bytes: digits,
    deletedRowCount: Type.Union([Type.String(), Type.Null()], { description: 'Rows that lie in the files and do not count any more.' }),
  },
  { title: 'TableEntry' },
)
const column = Type.Object(
  { name: Type.String(), type: Type.String(), nullable: Type.Boolean(), default: Type.Union([Type.String(), Type.Null()]) },
  { title: 'TableColumn' },
)
const described = Type.Object({ snapshotId: Type.String(), ...entry.properties, columns: Type.Array(column) }, { title: 'Table' })
const file = Type.Object(
  {
    path: Type.String(),
    rowCount: Type.String(),
    bytes: Type.String(),
    deletedRowCount: Type.String(),
    sinceSnapshot: Type.String(),
  },
  { title: 'TableFile' },
)
const tags = ['catalogue']

/** `/v1/tables`: what is in the lake. Answers come from the catalog, with the snapshot as their ETag. */
export const tableRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: limits }) => {
  app.get(
    '/v1/tables',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Tables and views that the key may read',
        response: { 200: Type.Object({ snapshotId: Type.String(), tables: Type.Array(entry) }), ...problems },
      },
    },
    async (request, reply) => {
      const { head, rows } = await readRows(app.engines, request.caller, listTablesSql())
      const tables = rows.map(tableEntry).filter(table => mayRead(request.caller.grants, table))
      return sendIfChanged(request, reply, head, { tables })
    },
  )

  app.get(
    '/v1/tables/:schema/:table',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A table’s columns, rows, files and bytes',
        params: tablePath,
        response: { 200: described, ...problems },
      },
    },
    async (request, reply) => {
      const table = await granted(request.params.schema, request.params.table, request.caller)
      const description = await readRows(app.engines, request.caller, `DESCRIBE ${nameOf(table)}`)
      const columns = description.rows.map(([column, type, nullable, , initial]) => ({
        name: String(column),
        type: String(type),
        nullable: nullable === 'YES',
        default: typeof initial === 'string' && initial !== 'NULL' ? initial : null,
      }))
      return sendIfChanged(request, reply, description.head, { ...table, columns })
    },
  )

  app.get(
    '/v1/tables/:schema/:table/files',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The Parquet files of a table',
        params: tablePath,
        response: { 200: Type.Object({ snapshotId: Type.String(), files: Type.Array(file) }), ...problems },
      },
    },
    async (request, reply) => {
      const table = await granted(request.params.schema, request.params.table, request.caller)
      const { head, rows } = await readRows(app.engines, request.caller, filesSql(table))
      const files = rows.map(([path, rowCount, bytes, deletedRowCount, sinceSnapshot]) => ({
        path: String(path),
        rowCount: String(rowCount),
        bytes: String(bytes),
        deletedRowCount: String(deletedRowCount),
        sinceSnapshot: String(sinceSnapshot),
      }))
      return sendIfChanged(request, reply, head, { files })
    },
  )

  const version = Type.String({ pattern: '^\\d{1,18}$' })
  app.get(
    '/v1/tables/:schema/:table/changes',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Rows that were inserted, deleted or updated between two snapshots',
        description:
          'Columns: snapshot_id, rowid, change_type (insert, delete, update_preimage, update_postimage), then those of the table.',
        params: tablePath,
        querystring: Type.Object({ from: version, to: version, ...formatQuery.properties }, { additionalProperties: false }),
        response: { 200: results, ...problems },
      },
    },
    async (request, reply) => {
      const { from, to, format: wanted } = request.query
      const format = negotiateFormat(request, wanted)
      const table = await granted(request.params.schema, request.params.table, request.caller)
      if (BigInt(from) > BigInt(to)) throw new ServiceError('invalidRequest', `from is ${from} and to is ${to}: from must not be later.`)
      const sql = `SELECT * FROM ducklake_table_changes('lake', ${quote(table.schema)}, ${quote(table.name)}, ${from}, ${to})`
      const queryId = randomUUID()
      const { text, ...statement } = statementOf({ sql }, format, request.caller, limits)
      const trusted = { ...statement, text: { ...text, grants: 'trusted' } } as const
      const result = await runForRequest(app, request, reply, { queryId, format, statement: trusted })
      return sendResult(request, reply, { result, format, queryId, startedAt: request.seen.startedAt })
    },
  )

  /** The same answer for a table that is not there and for one that the key may not know of. */
  async function granted(schema: string, table: string, caller: Caller): Promise<TableEntry> {
    const found = mayRead(caller.grants, { schema, name: table })
      ? (await readRows(app.engines, caller, listTablesSql({ schema, name: table }))).rows.map(tableEntry)[0]
      : undefined
    if (!found) throw new ServiceError('notFound', `There is no table ${schema}.${table} that this key may read.`)
    return found
  }
}

function nameOf({ schema, name: table }: TableEntry): string {
  return `lake.${quoteName(schema)}.${quoteName(table)}`
}

function filesSql({ schema, name: table }: TableEntry): string {
  return `
    SELECT f.path, f.record_count::BIGINT, f.file_size_bytes::BIGINT, coalesce(d.delete_count, 0)::BIGINT, f.begin_snapshot::BIGINT
    FROM ${meta}.ducklake_data_file AS f
      JOIN ${meta}.ducklake_table AS t USING (table_id)
      JOIN ${meta}.ducklake_schema AS s USING (schema_id)
      LEFT JOIN ${meta}.ducklake_delete_file AS d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
    WHERE f.end_snapshot IS NULL AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
      AND s.schema_name = ${quote(schema)} AND t.table_name = ${quote(table)}
    ORDER BY f.begin_snapshot, f.path`
}
