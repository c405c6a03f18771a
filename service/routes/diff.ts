import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { mayRead } from '../access/grants.ts'
import { diffColumns } from '../catalogue/diff-columns.ts'
import { diffRows } from '../catalogue/diff-rows.ts'
import { readRows } from '../catalogue/read-rows.ts'
import { type Ask, readVersions, type TableVersion } from '../catalogue/table-versions.ts'
import type { QueryLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { list } from '../results/while-listed.ts'
import { column, problems, tablePath } from './schemas.ts'

const version = Type.String({ pattern: '^\\d{1,18}$' })
const digits = Type.String({ pattern: '^\\d+$' })
const values = Type.Union([Type.Array(Type.Unknown()), Type.Null()])

/** Rows of one answer. */
const [defaultLimit, maxLimit] = [200, 1_000]

const presences = ['there', 'missing'] as const

const diff = Type.Object(
  {
    from: Type.String(),
    to: Type.String(),
    schema: Type.String(),
    table: Type.String({ description: 'As it is called in the later version, if it is there.' }),
    was: Type.Enum([...presences], { description: 'In the earlier version.' }),
    is: Type.Enum([...presences], { description: 'In the later version.' }),
    comparedBy: Type.Enum(['rowid', 'values'], {
      description: 'values: the table was made anew in between, so rows are the same if all values of the columns that both have are.',
    }),
    columns: Type.Object({
      added: Type.Array(column),
      removed: Type.Array(column),
      changed: Type.Array(Type.Object({ from: column, to: column }), { description: 'Renamed, or of another type.' }),
    }),
    insertedCount: digits,
    deletedCount: digits,
    updatedCount: digits,
    rowColumns: Type.Array(column, { description: 'Of the rows: those of the later version.' }),
    rows: Type.Array(Type.Object({ before: values, after: values }), { description: 'The first of them.' }),
    truncated: Type.Boolean({ description: 'There are more than these rows.' }),
  },
  { title: 'TableDiff' },
)

/** `GET /v1/tables/{schema}/{table}/diff`: what is different between two versions, not what happened on the way. */
export const diffRoutes: FastifyPluginAsyncTypebox<{ readonly query: QueryLimits }> = async (app, { query: { timeoutMs: allowedMs } }) => {
  app.get(
    '/v1/tables/:schema/:table/diff',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['catalogue'],
        summary: 'What is different between two versions of a table',
        description: 'Columns and rows. `…/changes` has each change on the way instead.',
        params: tablePath,
        querystring: Type.Object(
          {
            from: version,
            to: version,
            limit: Type.Optional(
              Type.String({ pattern: '^\\d{1,4}$', description: `Rows, up to ${maxLimit}; ${defaultLimit} if it is missing.` }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: diff, ...problems },
      },
    },
    async (request, reply) => {
      const { caller, params, query } = request
      const { from, to, limit = defaultLimit } = query
      const missing = new ServiceError(
        'notFound',
        `There is no table ${params.schema}.${params.table} in version ${from} or ${to} that this key may read.`,
      )
      const wanted = { schema: params.schema, name: params.table }
      if (!mayRead(caller.grants, wanted)) throw missing
      if (BigInt(from) > BigInt(to)) throw new ServiceError('invalidRequest', `from is ${from} and to is ${to}: from must not be later.`)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const timeoutMs = Math.min(allowedMs, caller.limits.timeoutMs ?? allowedMs)
      const { begun, over } = list(app, { request, gone }, { kind: 'query' })
      reply.raw.once('close', over)
      const ask: Ask = async sql => (await readRows(app.engines, caller, sql, { timeoutMs, signal: gone.signal, begun })).rows
      const [earlier, later] = await readVersions(ask, wanted, String(BigInt(from)), String(BigInt(to)))
      const now = later ?? earlier
      // A grant is on a name: what the table was called in the other version has to be granted too.
      if (!now || [earlier, later].some(each => each && !mayRead(caller.grants, each))) throw missing
      const rows = await diffRows(ask, earlier, later, Math.min(Number(limit), maxLimit))
      const { added, removed, changed } = diffColumns(earlier, later)
      return {
        from,
        to,
        schema: now.schema,
        table: now.name,
        was: presenceOf(earlier),
        is: presenceOf(later),
        comparedBy: rows.comparedBy,
        columns: { added: [...added], removed: [...removed], changed: [...changed] },
        insertedCount: rows.inserted,
        deletedCount: rows.deleted,
        updatedCount: rows.updated,
        rowColumns: rows.columns.map(each => ({ ...each })),
        rows: rows.rows.map(({ before, after }) => ({ before: before && [...before], after: after && [...after] })),
        truncated: BigInt(rows.inserted) + BigInt(rows.deleted) + BigInt(rows.updated) > BigInt(rows.rows.length),
      }
    },
  )
}

function presenceOf(table: TableVersion | undefined): (typeof presences)[number] {
  return table ? 'there' : 'missing'
}
