import { ServiceError } from '../errors.ts'
import { uploadStallMs } from '../settings.ts'
import { BodyDigest, readContentDigest } from './content-digest.ts'
import type { Body } from './spool.ts'
import { YoungMemory } from './young-memory.ts'

/** Of all bodies of this process. */
const memory = new YoungMemory()

/** A body as it arrives: counted, hashed, and held to its limit and to what its headers say. */
export class IncomingBody {
  /** Bytes so far, as they were sent. */
  received = 0
  /** Of all of them, in base64; empty until the last one has come. */
  sha256 = ''
  private readonly digest: BodyDigest

  /** @param limit the setting that says `maxBytes`. @throws ServiceError bodyTooLarge, or invalidRequest for a digest that cannot be read */
  constructor(
    private readonly body: Pick<Body, 'stream' | 'contentLength' | 'contentDigest'>,
    private readonly maxBytes: number,
    private readonly limit: string,
  ) {
    this.digest = new BodyDigest(readContentDigest(body.contentDigest))
    if ((body.contentLength ?? 0) > maxBytes) throw this.tooLarge()
  }

  /** Passes the bytes on. Its end is reached only if they are all there and the right ones.
   * @throws ServiceError bodyTooLarge, digestMismatch, requestTimeout, or invalidRequest for one that broke off */
  async *checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { stream, contentLength } = this.body
    const late = new ServiceError('requestTimeout', `No byte came for ${uploadStallMs / 1_000} s.`)
    // Not while somebody else is waited for: whoever takes the bytes may be slow too.
    const wait = () => setTimeout(() => stream.destroy(late), uploadStallMs)
    let stalled = wait()
    try {
      for await (const chunk of chunks) {
        clearTimeout(stalled)
        this.received += chunk.length
        memory.passed(chunk.length)
        if (this.received > this.maxBytes) throw this.tooLarge()
        this.digest.update(chunk)
        yield chunk
        stalled = wait()
      }
      if (contentLength !== undefined && this.received !== contentLength) throw this.brokenOff()
      this.sha256 = this.digest.finish()
    } catch (error) {
      throw this.reasonOf(error)
    } finally {
      clearTimeout(stalled)
    }
  }

  tooLarge(): ServiceError {
    return new ServiceError(
      'bodyTooLarge',
      `The body has more than ${this.limit}, which is ${this.maxBytes / 1_048_576}: send it in parts.`,
    )
  }

  /** What an error of the stream means. */
  reasonOf(error: unknown): unknown {
    if (error instanceof ServiceError) return error
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(code) ? this.brokenOff() : error
  }

  private brokenOff(): ServiceError {
    const of = this.body.contentLength === undefined ? '' : ` of ${this.body.contentLength}`
    return new ServiceError('invalidRequest', `The body broke off after ${this.received}${of} bytes. Nothing was kept: send it again.`)
  }
}
