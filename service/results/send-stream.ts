import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, createGzip, type Gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PipeReader } from '../engine-pool/pipe-reader.ts'
import type { EngineResult } from '../engine-pool/statement-run.ts'
import { problemOf } from '../problem.ts'
import { streamStallMs } from '../settings.ts'
import { StreamBody, written } from './stream-body.ts'

interface Stream {
  readonly end: EngineResult['end']
  readonly bytes: PipeReader
  readonly gzip: boolean
  /** What stands before and behind the rows, where it does. */
  readonly frame?: { readonly start: string; end(): Promise<string> }
  /** It is of lines: an error becomes the last one. */
  readonly lines: boolean
}

/** Answers with rows as they come. */
export function sendStream(request: FastifyRequest, reply: FastifyReply, stream: Stream): FastifyReply {
  cutWhenStalled(reply.raw)
  if (!stream.gzip) return reply.send(new StreamBody(sink => write(stream, sink, request.id)))
  reply.header('content-encoding', 'gzip')
  return reply.send(
    new StreamBody(response => {
      const zipped = createGzip({ level: constants.Z_BEST_SPEED })
      // Each part of the service listens once for the response's end. With the pipe's own they are eleven, and Node would warn of a leak.
      reply.raw.setMaxListeners(20)
      // What becomes of it is the body's to say.
      pipeline(zipped, response, () => {})
      return write(stream, zipped, request.id)
    }),
  )

  async function write({ bytes, end, frame, lines }: Stream, sink: NodeJS.WritableStream | Gzip, requestId: string): Promise<void> {
    let last = newline
    try {
      if (frame) await written(sink, frame.start)
      for await (const chunk of bytes.chunks()) {
        last = chunk[chunk.length - 1] ?? newline
        await written(sink, chunk)
      }
      await end
      if (frame) await written(sink, await frame.end())
      sink.end()
    } catch (error) {
      if (lines) {
        const problem = problemOf(await end.catch((reason: unknown) => reason), requestId)
        await written(sink, `${last === newline ? '' : '\n'}${JSON.stringify({ error: problem })}\n`)
        if ('flush' in sink) await new Promise<void>(resolve => sink.flush(resolve))
        await handedOver(reply.raw)
      }
      throw error
    }
  }
}

const newline = 10

/** Until the system has the last line: what is still in our own buffer is lost when the connection is cut. */
async function handedOver(response: ServerResponse): Promise<void> {
  for (let tries = 0; tries < 100 && !response.destroyed && (response.writableLength > 0 || response.socket?.writableLength); tries += 1)
    await sleep(10)
}

/** A caller that stops reading would hold an engine for as long as it likes. */
export function cutWhenStalled(response: ServerResponse): void {
  response.setTimeout(streamStallMs, () => {
    if (response.writableNeedDrain) response.destroy()
  })
}
