import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { ServiceError } from '../errors.ts'
import type { SpooledFile } from '../spool/spool.ts'
import { textOf } from '../writes/body-format.ts'
import type { ObjectFormat } from './object-format.ts'
import type { ObjectProperties } from './object-store.ts'

/** Takes an object into the spool, as if its bytes were the body of a request: with the same limits and checks.
 * @param onlyBytes takes no more than the lines that are whole within so many. @throws ServiceError as Spool.take, conflict if the object is
 * another one by now */
export async function spoolObject(
  { objects, spool }: Pick<FastifyInstance, 'objects' | 'spool'>,
  found: ObjectProperties,
  { format, gzip }: ObjectFormat,
  onlyBytes?: number,
): Promise<SpooledFile> {
  const isPart = onlyBytes !== undefined && found.bytes > onlyBytes
  const stream = await objects.read(found, isPart ? { start: 0, end: onlyBytes - 1 } : undefined)
  if (!stream) throw new ServiceError('conflict', `The object ${found.key} was changed meanwhile: send the request again.`)
  const text = textOf(format)
  const length = isPart ? undefined : { contentLength: found.bytes }
  try {
    return await spool.take({
      stream: Readable.from(isPart ? wholeLines(told(stream, onlyBytes)) : told(stream, found.bytes), { objectMode: false }),
      ...length,
      ...(gzip && { contentEncoding: 'gzip' }),
      ...(text && { text }),
    })
  } finally {
    // One that is refused before its first byte was asked for would hold its file, or its connection to the store, for good.
    stream.on('error', () => {}).destroy()
  }
}

/** The store's bytes: if they end early it is the store's doing, not the caller's. */
async function* told(stream: Readable, bytes: number): AsyncGenerator<Buffer> {
  let count = 0
  try {
    for await (const chunk of stream) {
      count += chunk.length
      yield chunk
    }
  } catch (error) {
    throw brokenOff(error instanceof Error ? error.message : String(error))
  }
  if (count !== bytes) throw brokenOff(`${count} of ${bytes} bytes came`)
}

async function* wholeLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  const bytes = Buffer.concat(all)
  const end = bytes.lastIndexOf('\n')
  yield end < 0 ? bytes : bytes.subarray(0, end + 1)
}

function brokenOff(reason: string): ServiceError {
  return new ServiceError('storageUnavailable', `The object store broke off: ${reason}. Send the request again.`)
}
