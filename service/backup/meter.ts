import { createHash } from 'node:crypto'
import { Transform, type TransformCallback } from 'node:stream'

/** Passes bytes on, counts them and takes their SHA-256. */
export class Meter extends Transform {
  bytes = 0
  private readonly hash = createHash('sha256')
  private digest: string | undefined

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length
    this.hash.update(chunk)
    done(null, chunk)
  }

  /** Of all bytes; to be asked after the last one. */
  get sha256(): string {
    this.digest ??= this.hash.digest('hex')
    return this.digest
  }
}
