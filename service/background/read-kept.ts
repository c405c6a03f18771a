import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { quote, quoteName } from '../catalog/quote.ts'
import type { QueryLimits } from '../config.ts'
import type { Column } from '../engine/messages.ts'
import type { EngineResult } from '../engine-pool/statement-run.ts'
import { ServiceError } from '../errors.ts'
import type { Format } from '../results/formats.ts'
import { runForRequest } from '../results/run-for-request.ts'
import type { StoredQuery } from '../store/queries.ts'

type Request = FastifyRequest<{ Querystring: { offset?: string; limit?: string } }>

/** Reads rows of a kept result, in the order in which they were written. @throws ServiceError */
export async function readKept(
  app: Pick<FastifyInstance, 'engines' | 'running' | 'keptResults'>,
  request: Request,
  reply: FastifyReply,
  { id, columns, snapshotId }: Pick<StoredQuery, 'id' | 'snapshotId'> & { readonly columns: readonly Column[] },
  format: Format,
  limits: QueryLimits,
): Promise<EngineResult> {
  const { offset = '0', limit } = request.query
  const maxRows = Math.min(limits.maxRows, request.caller.limits.maxRows ?? Number.POSITIVE_INFINITY)
  if (format === 'json' && Number(limit ?? 1) > maxRows)
    throw new ServiceError('invalidRequest', `limit is ${limit}, at most ${maxRows} rows fit into a JSON answer.`)
  const { path, release } = await app.keptResults.open(id)
  reply.raw.once('close', release)
  const rows = `SELECT ${columns.map(originalOf).join(', ')} FROM read_parquet(${quote(path)})`
  const result = await runForRequest(app, request, reply, {
    queryId: id,
    format,
    statement:
      format === 'json'
        ? {
            text: { sql: `${rows} OFFSET ${offset}`, grants: 'trusted' },
            output: { kind: 'json', maxRows: Number(limit ?? maxRows) },
            timeoutMs: limits.timeoutMs,
          }
        : {
            text: { sql: `${rows} ${limit === undefined ? '' : `LIMIT ${limit}`} OFFSET ${offset}`, grants: 'trusted' },
            output: { kind: 'stream', format, ordered: true },
            timeoutMs: limits.streamTimeoutMs,
          },
  })
  const { snapshotId: _, ...head } = result.head
  return { ...result, head: { ...head, ...(snapshotId !== null && { snapshotId }) } }
}

/** What Parquet could not hold was written as text. Fields without a name cannot be written in a type: those stay as the file has them. */
function originalOf({ name, type }: Column, index: number): string {
  return `${/[( ]"" /.test(type) ? `c${index}` : `CAST(c${index} AS ${type})`} AS ${quoteName(name)}`
}
