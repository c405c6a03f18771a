import { Readable } from 'node:stream'

/** A body for `reply.send` that writes itself into the response, since what reads an ordinary stream may keep each chunk, and these are
 * overwritten by the next. After an error Fastify cuts the connection, as it does for every stream. */
export class StreamBody extends Readable {
  constructor(private readonly writeTo: (sink: NodeJS.WritableStream) => Promise<void>) {
    super()
  }

  override _read(): void {}

  override pipe<Sink extends NodeJS.WritableStream>(sink: Sink): Sink {
    this.writeTo(sink).then(
      () => {
        this.push(null)
        this.resume()
      },
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
    return sink
  }
}

/** Resolves when the sink needs the bytes no more. */
export function written(sink: NodeJS.WritableStream, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => sink.write(bytes, error => (error ? reject(error) : resolve())))
}
