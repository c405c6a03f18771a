import { createHash, randomUUID } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { assertMayUseObjects } from '../access/assert-objects.ts'
import type { Caller } from '../access/caller.ts'
import { mayRead } from '../access/grants.ts'
import { holds } from '../access/scopes.ts'
import type { TableName } from '../catalog/table-name.ts'
import type { WriteLimits } from '../config.ts'
import { ServiceError } from '../errors.ts'
import { parentRunOf } from '../lineage/parent-run.ts'
import { formatOf } from '../objects/object-format.ts'
import { checkKey } from '../objects/object-key.ts'
import { spoolObject } from '../objects/spool-object.ts'
import { noteWrite } from '../results/note-write.ts'
import { lineOf, whileListed } from '../results/while-listed.ts'
import { bodyOfRequest } from '../spool/body-of-request.ts'
import { isPublished } from '../store/publications.ts'
import { bodyFormat, bodyTypes, textOf } from '../writes/body-format.ts'
import type { WriteAnswer } from '../writes/write-request.ts'
import { idempotencyKeyHeader } from './idempotency-key.ts'
import { type RowsOptions, readRowsQuery, rowsQuery } from './rows-query.ts'
import { column, problems, rejectedRow, tablePath } from './schemas.ts'

const writeAnswer = Type.Object(
  {
    writeId: Type.String({ description: 'The commit carries it.' }),
    snapshotId: Type.Union([Type.String(), Type.Null()], {
      description: 'The version of the lake that has the rows; null after a dry run.',
    }),
    mode: Type.String(),
    rowCount: Type.Integer({ description: 'Rows that were written, or would be.' }),
    columns: Type.Optional(Type.Array(column, { description: 'The table’s.' })),
    rejectedCount: Type.Optional(Type.Integer({ description: 'Rows that were left out, as maxRejects allows.' })),
    errors: Type.Optional(Type.Array(rejectedRow, { description: 'The first of them.' })),
    registered: Type.Optional(Type.Boolean({ description: 'Of Parquet: whether the file became one of the table as it is.' })),
    rewrittenBecause: Type.Optional(Type.String({ description: 'Why it did not.' })),
    rows: Type.Optional(Type.Array(Type.Array(Type.Unknown()), { description: 'The first rows, of a dry run.' })),
    dryRun: Type.Optional(Type.Literal(true)),
  },
  { title: 'Write' },
)

type WriteBody = Static<typeof writeAnswer>

/** `POST /v1/tables/{schema}/{table}/rows`: rows of a body or of an object become rows of a table, in one commit. */
export const rowRoutes: FastifyPluginAsyncTypebox<{ readonly limits: WriteLimits }> = async (app, { limits }) => {
  // The body stays a stream, whatever it is: it goes into a file and not into this process's memory.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.post(
    '/v1/tables/:schema/:table/rows',
    {
      config: { scope: 'write', upload: true },
      schema: {
        tags: ['writing'],
        summary: 'Write rows into a table, in one commit',
        consumes: Object.keys(bodyTypes),
        params: tablePath,
        querystring: rowsQuery,
        headers: idempotencyKeyHeader,
        response: { 200: writeAnswer, 201: writeAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const table = { schema: request.params.schema, name: request.params.table }
      const from = await foundObject(app, request)
      const format = from?.format ?? bodyFormat(request.headers['content-type'])
      const { csv, register, ...options } = readRowsQuery(request.query, format)
      assertMay(request.caller, table, options)
      const timeoutMs = tightened(request.query.timeoutMs, limits, request.caller)
      const key = request.headers['idempotency-key']
      const parent = parentRunOf(request.headers)
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const file = await (from ? spoolObject(app, from.found, from) : app.spool.take(bodyOfRequest(request, textOf(format))))
      const write = async (id: string, claim?: AbortSignal) => {
        const note = { id, request: request.id, by: request.caller.id, ...(key !== undefined && { key }) }
        const source = { format, paths: [file.path], bytes: file.bytes, ...(csv && { csv }) }
        const owner = request.caller
        const ends = { timeoutMs, signal: gone.signal, ...(claim && { claim }) }
        // A file that is taken as it is has no ids of columns, which those who read a publication find them by.
        const published = register && file.bytes >= limits.registerMinBytes && (await isPublished(app.store.ask, table))
        const registration = register && !published && { register: { trust: register, minBytes: limits.registerMinBytes } }
        const inputs = from ? [app.objects.datasetOf(from.found.key)] : []
        const given = { ...options, ...registration, ...ends, table, source, note, inputs, parent, owner }
        const task = (begun: (engine: string) => void) => app.writes.write({ ...given, begun })
        const noted = { id, kind: 'rows', sql: lineOf(request) } as const
        const listed = { request, gone }
        return answerOf(id, options, await (options.dryRun ? whileListed(app, listed, noted, task) : noteWrite(app, listed, noted, task)))
      }
      try {
        const { answer, replayed } =
          key === undefined || options.dryRun
            ? { answer: await write(randomUUID()), replayed: false }
            : await app.idempotency.once(
                {
                  id: randomUUID(),
                  keyId: request.caller.id,
                  idempotencyKey: key,
                  requestHash: hashOf(request, from?.found.etag ?? file.sha256),
                },
                write,
                (id, found) => answerOf(id, options, found),
              )
        if (replayed) reply.header('idempotent-replayed', 'true')
        return await send(request, reply, answer)
      } finally {
        await file.release()
      }
    },
  )
}

function assertMay(caller: Caller, table: TableName, { mode, columns }: Pick<RowsOptions, 'mode' | 'columns'>): void {
  if (!mayRead(caller.grants, table))
    throw new ServiceError('notFound', `There is no table ${table.schema}.${table.name} that this key may write.`)
  if ((mode === 'create' || columns) && !holds(caller.scopes, 'ddl'))
    throw new ServiceError('forbidden', `The key ${caller.id} lacks the scope ddl, which it takes to make a table.`)
}

/** The object that the rows are to come from. @returns undefined if they are the request's body */
async function foundObject({ objects }: Pick<FastifyInstance, 'objects'>, { caller, query, body, headers }: FromObject) {
  const { object, format } = query
  if (object === undefined) {
    if (format !== undefined) throw new ServiceError('invalidRequest', 'format is for object=: what a body is, its Content-Type says.')
    return undefined
  }
  if (body && headers['content-length'] !== '0')
    throw new ServiceError('invalidRequest', 'object= takes the rows from an object: send no body with it.')
  // Whoever takes rows from an object sees some of them: in a dry run, and where they do not fit.
  assertMayUseObjects(caller, 'read')
  const found = await objects.find(checkKey(object))
  return { found, ...formatOf(found, format) }
}

type FromObject = Pick<FastifyRequest, 'caller' | 'body' | 'headers'> & { readonly query: Static<typeof rowsQuery> }

function tightened(wanted: string | undefined, limits: WriteLimits, caller: Caller): number {
  const allowedMs = Math.min(limits.timeoutMs, caller.limits.timeoutMs ?? Number.POSITIVE_INFINITY)
  const wantedMs = Number(wanted ?? allowedMs)
  if (wantedMs > allowedMs || wantedMs < 1)
    throw new ServiceError('invalidRequest', `timeoutMs is ${wantedMs}, from 1 to ${allowedMs} is allowed here.`)
  return wantedMs
}

/** What makes a request the same as another: all that decides what it does. @param version of its body, or of the object that it names */
function hashOf({ method, url, headers }: FastifyRequest, version: string): Buffer {
  const what = [method, url, headers['content-type'], headers['content-encoding'], version]
  return createHash('sha256').update(JSON.stringify(what)).digest()
}

function answerOf(
  writeId: string,
  { mode, dryRun }: Pick<RowsOptions, 'mode' | 'dryRun'>,
  { snapshotId, rowCount, columns, rejects, registered, rewrittenBecause, rows }: WriteAnswer,
): WriteBody {
  return {
    writeId,
    snapshotId,
    mode,
    rowCount,
    ...(columns && { columns: columns.map(each => ({ ...each })) }),
    ...(rejects && { rejectedCount: rejects.count, errors: rejects.first.map(each => ({ ...each })) }),
    ...(registered !== undefined && { registered }),
    ...(rewrittenBecause !== undefined && { rewrittenBecause }),
    ...(rows && { rows: rows.map(row => [...row]) }),
    ...(dryRun && { dryRun }),
  }
}

/** @param answer perhaps one that was kept. */
function send(request: FastifyRequest, reply: FastifyReply, answer: object): FastifyReply {
  if (!Value.Check(writeAnswer, answer)) throw new Error('an answer was kept that is none of a write')
  const { writeId, snapshotId, rowCount, mode, dryRun } = answer
  Object.assign(request.seen, { writeId, snapshotId, rows: rowCount })
  if (snapshotId !== null) reply.header('x-snapshot-id', snapshotId)
  return reply.code(mode === 'create' && !dryRun ? 201 : 200).send(answer)
}
