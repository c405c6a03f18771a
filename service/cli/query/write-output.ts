import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Bytes into a file that is there only once it is whole, or to standard output. A link stays one, and so does a pipe or a device, which gets
 * the bytes as they come. @returns how many */
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
  const there = await stat(output).catch(() => undefined)
  if (there && !there.isFile()) {
    await pipeline(source, createWriteStream(output), { signal })
    return bytes
  }
  const file = there ? await realpath(output) : output
  const part = `${file}.${process.pid}.part`
  try {
    await pipeline(source, createWriteStream(part), { signal })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw signal.aborted ? signal.reason : error
  }
  return bytes
}
