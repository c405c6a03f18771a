import { randomUUID } from 'node:crypto'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ServiceError } from '../errors.ts'
import { assertFreeSpace, isDiskFull } from './free-space.ts'
import { assertRatio, gunzipFor } from './gunzip.ts'
import { IncomingBody } from './incoming-body.ts'
import { TextWatch } from './text-watch.ts'

/** How much is gathered before it is written, and how often the disk's free space is looked at meanwhile. */
const writeBytes = 1_048_576
const spaceEveryBytes = 67_108_864

/** A file that nobody has released after this long belongs to a request that went wrong: no write takes as long. */
const staleMs = 86_400_000

/** A body, with what its headers say about it. */
export interface Body {
  readonly stream: Readable
  readonly contentLength?: number
  readonly contentEncoding?: string
  readonly contentDigest?: string
  /** It is text in UTF-8, perhaps of lines with a greatest length: some bytes in it are refused then. */
  readonly text?: { readonly maxLineBytes?: number }
}

/** A body that has arrived whole. */
export interface SpooledFile {
  readonly path: string
  /** Of the file: unpacked, and without a byte order mark. */
  readonly bytes: number
  /** SHA-256 of the body as it was sent, in base64. */
  readonly sha256: string
  /** Removes it; to be called once, whatever became of it. */
  release(): Promise<void>
}

/** Bodies of requests as files: DuckDB reads those several times faster than pipes, and more than once. */
export class Spool {
  constructor(
    /** Of this process alone: what it leaves when it is killed, the next start removes. */
    readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** Writes a body to a file. If it throws, nothing is left behind.
   * @throws ServiceError bodyTooLarge, storageFull, digestMismatch, dataInvalid, unsupportedMediaType, requestTimeout, or invalidRequest for
   * one that broke off. */
  async take(body: Body): Promise<SpooledFile> {
    const incoming = new IncomingBody(body, this.maxBytes, 'UPLOAD_MAX_MB')
    const gunzip = gunzipFor(body.contentEncoding)
    await assertFreeSpace(this.folder, body.contentLength ?? 0)
    const watch = body.text && new TextWatch(body.text.maxLineBytes)
    const path = join(this.folder, randomUUID())
    const release = () => rm(path, { force: true })
    const unpacked = { bytes: 0 }
    body.stream.pause()
    // Opened here and not by its stream: a body that fails at once would be removed before the file is made.
    const handle = await open(path, 'wx', 0o600)
    const file = handle.createWriteStream({ highWaterMark: writeBytes })
    try {
      const receive = (chunks: AsyncIterable<Buffer>) => incoming.checked(chunks)
      const keep = (chunks: AsyncIterable<Buffer>) => this.keep(chunks, incoming, unpacked, watch)
      if (gunzip) await pipeline(body.stream, receive, gunzip, keep, file)
      else await pipeline(body.stream, receive, keep, file)
      await watch?.assertSound(path)
      return { path, bytes: unpacked.bytes, sha256: incoming.sha256, release }
    } catch (error) {
      await release()
      throw reasonOf(error, incoming)
    }
  }

  /** Removes what was not released. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name)
      const changedAtMs = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => Number.POSITIVE_INFINITY,
      )
      if (Date.now() - changedAtMs > staleMs) await rm(path, { force: true, recursive: true })
    }
  }

  private async *keep(
    chunks: AsyncIterable<Buffer>,
    incoming: IncomingBody,
    unpacked: { bytes: number },
    watch: TextWatch | undefined,
  ): AsyncGenerator<Buffer> {
    let lookAt = spaceEveryBytes
    for await (const bytes of watch ? withoutMark(chunks) : chunks) {
      unpacked.bytes += bytes.length
      if (unpacked.bytes > this.maxBytes) throw incoming.tooLarge()
      assertRatio(incoming.received, unpacked.bytes)
      if (unpacked.bytes > lookAt) {
        lookAt += spaceEveryBytes
        await assertFreeSpace(this.folder, 0)
      }
      watch?.look(bytes)
      yield bytes
    }
  }
}

/** A byte order mark means nothing in UTF-8, and is an error in JSON. The first bytes may come one by one.
 * @throws ServiceError dataInvalid for the mark of another encoding. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk
      continue
    }
    start = start.length > 0 ? Buffer.concat([start, chunk]) : chunk
    if (start.length < 3) continue
    yield pastMark(start)
    start = undefined
  }
  if (start !== undefined) yield pastMark(start)
}

function pastMark(start: Buffer): Buffer {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return start.subarray(3)
  const other = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)
  if (other) throw new ServiceError('dataInvalid', 'The data begins with the byte order mark of UTF-16: save it as UTF-8.')
  return start
}

function reasonOf(error: unknown, incoming: IncomingBody): unknown {
  if (isDiskFull(error)) return new ServiceError('storageFull', 'The disk is full. Nothing was kept: try again later.')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('Z_')) return new ServiceError('dataInvalid', 'The body is not whole gzip, as Content-Encoding says.')
  return incoming.reasonOf(error)
}
