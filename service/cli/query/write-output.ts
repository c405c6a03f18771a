import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Bytes into a file that is there only once it is whole, or to standard output. @returns how many */
export async function writeOutput(
  chunks: AsyncIterable<Uint8Array | string>,
  output: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0
  async function* counted() {
    for await (const chunk of chunks) {
      bytes += chunk.length
      yield chunk
    }
  }
  const source = Readable.from(counted(), { objectMode: false })
  if (output === undefined) {
    await pipeline(source, process.stdout, { end: false, signal })
    return bytes
  }
  const part = `${output}.${process.pid}.part`
  try {
    await pipeline(source, createWriteStream(part), { signal })
    await rename(part, output)
  } catch (error) {
    await rm(part, { force: true })
    throw signal.aborted ? signal.reason : error
  }
  return bytes
}
