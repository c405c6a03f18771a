import { constants, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResultEnd } from '../engine/messages.ts'
import type { EngineResult } from '../engine-pool/statement-run.ts'
import { type Format, formats } from './formats.ts'
import { sendStream } from './send-stream.ts'

interface Sent {
  readonly result: EngineResult
  readonly format: Format
  readonly queryId: string
  /** As `performance.now()` counts. */
  readonly startedAt: number
}

/** Below this a compressed answer is hardly smaller. */
const compressFromBytes = 1_024

/** Answers with a result. What fails after its head was sent cannot look complete: the connection is cut, and before that NDJSON gets a
 * last line `{"error": …}`. */
export async function sendResult(request: FastifyRequest, reply: FastifyReply, sent: Sent): Promise<FastifyReply> {
  const { result, format, queryId } = sent
  const { contentType, extension, compressible } = formats[format]
  reply.type(contentType).header('x-query-id', queryId)
  if (result.head.snapshotId !== undefined) reply.header('x-snapshot-id', result.head.snapshotId)
  if (format !== 'json') reply.header('content-disposition', `attachment; filename="query-${queryId}.${extension}"`)
  const gzip = compressible && acceptsGzip(request)
  if (compressible) reply.header('vary', 'accept, accept-encoding')

  if (!result.bytes) {
    const document = `${jsonStart(sent)}${result.rows ?? '[]'}${jsonEnd(sent, await result.end)}`
    if (!gzip || document.length < compressFromBytes) return reply.send(document)
    return reply.header('content-encoding', 'gzip').send(gzipSync(document, { level: constants.Z_BEST_SPEED }))
  }
  const frame = format === 'json' && { start: jsonStart(sent), end: async () => jsonEnd(sent, await result.end) }
  return sendStream(request, reply, { ...result, bytes: result.bytes, gzip, lines: format === 'ndjson', ...(frame && { frame }) })
}

function acceptsGzip(request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding']
  return accepted !== undefined && request.accepts().encoding(['gzip', 'identity']) === 'gzip'
}

function jsonStart({ queryId, result: { head } }: Sent): string {
  return `${JSON.stringify({ queryId, snapshotId: head.snapshotId ?? null, columns: head.columns }).slice(0, -1)},"rows":`
}

function jsonEnd({ startedAt }: Sent, end: ResultEnd): string {
  return `,${JSON.stringify({ ...end, elapsedMs: Math.round(performance.now() - startedAt) }).slice(1)}`
}
