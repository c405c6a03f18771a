import { type FileHandle, open } from 'node:fs/promises'
import { ServiceError } from '../../errors.ts'

/** Bytes of one record batch: it is in memory as a whole, outside of DuckDB's limit. */
const maxBatchBytes = 268_435_456

/** Bytes of a message's own description: 1,600 columns take some 300 KB. */
const maxMetadataBytes = 16_777_216

const continuation = 0xffffffff

/** Walks through an Arrow stream from message to message, so that none is taken in that is larger than may be, or not all there.
 * @param bodyLength of the message that is described. @throws ServiceError dataInvalid with the place */
export async function assertFrames(path: string, bodyLength: (metadata: Buffer) => number): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size === 0) throw new ServiceError('dataInvalid', 'The data is empty: it has no columns.')
    for (let at = 0; at < size; ) {
      const head = await bytesAt(file, at, 8, size)
      // Before version 0.15 a message began with its length.
      const isOld = head.readUInt32LE(0) !== continuation
      const length = head.readInt32LE(isOld ? 0 : 4)
      if (length === 0) return
      const start = at + (isOld ? 4 : 8)
      if (length < 0 || length > maxMetadataBytes)
        throw new ServiceError('dataInvalid', `Byte ${at}: there is no message of an Arrow stream. Files of Arrow (Feather) are not taken.`)
      const body = bodyLength(await bytesAt(file, start, length, size))
      if (body > maxBatchBytes)
        throw new ServiceError(
          'dataInvalid',
          `Byte ${at}: a record batch has ${body} bytes, ${maxBatchBytes} are allowed: write smaller ones.`,
        )
      at = start + length + body
      if (body < 0 || at > size) throw brokenOff(size)
    }
  } finally {
    await file.close()
  }
}

async function bytesAt(file: FileHandle, at: number, length: number, size: number): Promise<Buffer> {
  if (at + length > size) throw brokenOff(size)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, at)
  return buffer
}

function brokenOff(size: number): ServiceError {
  return new ServiceError('dataInvalid', `The Arrow stream breaks off: it says more than its ${size} bytes.`)
}
