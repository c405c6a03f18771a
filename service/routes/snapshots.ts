import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { readRows } from '../catalogue/read-rows.ts'
import { sendIfChanged } from '../catalogue/send-if-changed.ts'
import { problems } from './schemas.ts'

const text = Type.Union([Type.String(), Type.Null()])
const snapshot = Type.Object(
  {
    snapshotId: Type.String(),
    at: Type.String({ description: 'UTC.' }),
    schemaVersion: Type.String(),
    changes: Type.Optional(Type.Array(Type.Object({ kind: Type.String(), of: Type.Array(Type.String()) }))),
    author: Type.Optional(text),
    message: Type.Optional(text),
  },
  { title: 'Snapshot' },
)

/** Snapshots of one answer. */
const maxLimit = 1_000

/** `/v1/snapshots`: the lake's time line, newest first. A key with grants for some tables sees when, but not what and who. */
export const snapshotRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get(
    '/v1/snapshots',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['catalogue'],
        summary: 'Versions of the lake, newest first',
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$', description: `Up to ${maxLimit}; 100 if it is missing.` })),
            before: Type.Optional(Type.String({ pattern: '^\\d{1,18}$', description: 'Only those with a smaller id: the next page.' })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ snapshotId: Type.String(), snapshots: Type.Array(snapshot), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const limit = Math.min(Number(request.query.limit ?? 100), maxLimit)
      const before = request.query.before === undefined ? '' : `WHERE snapshot_id < ${request.query.before}`
      const { head, rows } = await readRows(
        app.engines,
        request.caller,
        `SELECT snapshot_id, snapshot_time, schema_version, changes, author, commit_message FROM lake.snapshots() ${before}
         ORDER BY snapshot_id DESC LIMIT ${limit + 1}`,
      )
      const snapshots = rows.slice(0, limit).map(([id, at, schemaVersion, changes, author, message]) => ({
        snapshotId: String(id),
        at: String(at),
        schemaVersion: String(schemaVersion),
        ...(request.caller.grants === undefined && { changes: changesOf(changes), author: orNull(author), message: orNull(message) }),
      }))
      return sendIfChanged(request, reply, head, { snapshots, next: rows.length > limit ? (snapshots.at(-1)?.snapshotId ?? null) : null })
    },
  )
}

function orNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** DuckLake's map from a kind of change to what it was done to. */
function changesOf(value: unknown): { kind: string; of: string[] }[] {
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  return entries.flatMap(entry =>
    typeof entry === 'object' && entry !== null && 'key' in entry && 'value' in entry && Array.isArray(entry.value)
      ? [{ kind: String(entry.key), of: entry.value.map(String) }]
      : [],
  )
}
