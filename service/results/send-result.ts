import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, createGzip, gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResultEnd } from '../engine/messages.ts'
import type { EngineResult } from '../engine-pool/statement-run.ts'
import { problemOf } from '../problem.ts'
import { streamStallMs } from '../settings.ts'
import { type Format, formats } from './formats.ts'

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
  const { bytes } = result
  cutWhenStalled(reply.raw, bytes)
  const body = format === 'json' ? jsonDocument(sent, bytes) : format === 'ndjson' ? withErrorLine(request, reply.raw, sent, bytes) : bytes
  if (!gzip) return reply.send(body)
  const zipped = createGzip({ level: constants.Z_BEST_SPEED })
  body.once('error', error => zipped.destroy(error))
  zipped.once('close', () => body.destroy())
  return reply.header('content-encoding', 'gzip').send(body.pipe(zipped))
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

function jsonDocument(sent: Sent, bytes: Readable): Readable {
  async function* document() {
    yield jsonStart(sent)
    yield* bytes
    yield jsonEnd(sent, await sent.result.end)
  }
  return Readable.from(document(), { objectMode: false })
}

/** A reader of lines sees what went wrong; one that only looks at the connection sees that it was cut. */
function withErrorLine(request: FastifyRequest, response: ServerResponse, { result }: Sent, bytes: Readable): Readable {
  async function* lines() {
    let inLine = false
    try {
      for await (const chunk of bytes) {
        inLine = chunk[chunk.length - 1] !== newline
        yield chunk
      }
      await result.end
    } catch (error) {
      const reason = await result.end.catch((ended: unknown) => ended)
      yield `${inLine ? '\n' : ''}${JSON.stringify({ error: problemOf(reason, request.id) })}\n`
      await handedOver(response)
      throw error
    }
  }
  return Readable.from(lines(), { objectMode: false })
}

const newline = 10

/** Until the system has the last line: what is still in our own buffer is lost when the connection is cut. */
async function handedOver(response: ServerResponse): Promise<void> {
  for (let tries = 0; tries < 100 && !response.destroyed && (response.writableLength > 0 || response.socket?.writableLength); tries += 1)
    await sleep(10)
}

/** A caller that stops reading would hold an engine for as long as it likes. */
function cutWhenStalled(response: ServerResponse, bytes: Readable): void {
  response.setTimeout(streamStallMs, () => {
    if (response.writableNeedDrain) bytes.destroy(new Error(`the caller read nothing for ${streamStallMs} ms`))
  })
}
