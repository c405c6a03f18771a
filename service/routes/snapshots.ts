import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Caller } from '../access/caller.ts'
import { mayRead } from '../access/grants.ts'
import type { TableName } from '../catalog/table-name.ts'
import { readRows } from '../catalogue/read-rows.ts'
import { sendIfChanged } from '../catalogue/send-if-changed.ts'
import { figuresSql, namesSql, TableChanges, tableChangeKinds } from '../catalogue/table-changes.ts'
import { type Snapshot, snapshotOf, timeLineSql } from '../catalogue/time-line.ts'
import { ServiceError } from '../errors.ts'
import { name, problems } from './schemas.ts'

const text = Type.Union([Type.String(), Type.Null()])
const rows = Type.Union([Type.String(), Type.Null()], { description: 'null: not known any more, because files were merged or expired.' })
const files = Type.Union([Type.Integer(), Type.Null()])
const tableChange = Type.Object(
  {
    schema: Type.String(),
    table: Type.String({ description: 'As it was called then.' }),
    kinds: Type.Array(Type.Enum([...tableChangeKinds])),
    rowsAdded: rows,
    rowsRemoved: rows,
    filesAdded: files,
    filesRemoved: files,
  },
  { title: 'TableChange' },
)
const snapshot = Type.Object(
  {
    snapshotId: Type.String(),
    at: Type.String({ description: 'UTC.' }),
    schemaVersion: Type.String(),
    changes: Type.Optional(Type.Array(Type.Object({ kind: Type.String(), of: Type.Array(Type.String()) }))),
    author: Type.Optional(text),
    message: Type.Optional(text),
    tables: Type.Array(tableChange, { description: 'What it did to tables that the key may read.' }),
  },
  { title: 'Snapshot' },
)

/** Snapshots of one answer. */
const maxLimit = 1_000

/** `/v1/snapshots`: the lake's time line, newest first, or that of one table. A key with grants for some tables sees when, and what was done
 * to those tables, but not who did it. */
export const snapshotRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/snapshots',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['catalogue'],
        summary: 'Versions of the lake, newest first, and what each did',
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$', description: `Up to ${maxLimit}; 100 if it is missing.` })),
            before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$', description: 'Only those with a smaller id: the next page.' })),
            table: Type.Optional(name),
            schema: Type.Optional(Type.String({ ...name, description: 'Of the table; main if it is missing.' })),
          },
          {
            additionalProperties: false,
            description: 'table: only versions in which it was changed, also under a former name, also of one that was dropped.',
          },
        ),
        response: {
          200: Type.Object({ snapshotId: Type.String(), snapshots: Type.Array(snapshot), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { caller, query } = request
      const limit = Math.min(Number(query.limit ?? 100), maxLimit)
      const only = wantedTable(query, caller)
      const { head, rows: found } = await readRows(app.engines, caller, timeLineSql({ before: query.before, limit: limit + 1, only }))
      if (only && found.length === 0 && query.before === undefined) throw notThere(only)
      const page = found.slice(0, limit).map(snapshotOf)
      const changes = await tableChanges(app, caller, page, String(found[0]?.at(-1)))
      const snapshots = page.map(each => ({
        snapshotId: each.id,
        at: each.at,
        schemaVersion: each.schemaVersion,
        ...(caller.grants === undefined && {
          changes: each.changes.map(({ kind, of }) => ({ kind, of: [...of] })),
          author: each.author,
          message: each.message,
        }),
        tables: (changes?.of(each) ?? [])
          .filter(table => mayRead(caller.grants, table))
          .map(({ name: table, kinds, ...figures }) => ({ table, kinds: [...kinds], ...figures })),
      }))
      return sendIfChanged(request, reply, head, { snapshots, next: found.length > limit ? (snapshots.at(-1)?.snapshotId ?? null) : null })
    },
  )
}

/** @throws ServiceError if the key may not read it */
function wantedTable({ schema = 'main', table }: { readonly schema?: string; readonly table?: string }, caller: Caller) {
  if (table === undefined) return undefined
  const wanted = { schema, name: table }
  if (!mayRead(caller.grants, wanted)) throw notThere(wanted)
  return wanted
}

function notThere({ schema, name: table }: TableName): ServiceError {
  return new ServiceError('notFound', `There is no table ${schema}.${table} in any version that this key may read.`)
}

async function tableChanges({ engines }: Pick<FastifyInstance, 'engines'>, caller: Caller, page: readonly Snapshot[], oldest: string) {
  const [last, first] = [page[0]?.id, page.at(-1)?.id]
  if (first === undefined || last === undefined) return undefined
  const names = await readRows(engines, caller, namesSql(page, first, last))
  const figures = await readRows(engines, caller, figuresSql(first, last))
  return new TableChanges(names.rows, figures.rows, oldest)
}
