import { closeSync, readSync } from 'node:fs'

/** As much as a pipe may hold: one read empties it. */
const readBytes = 1_048_576

/** A read that brings less has come too early, and the next one waits. */
const smallBytes = readBytes / 4

/** How long it waits before it looks again: rows gather meanwhile, and one read brings what would else take thirty. As long as nothing comes
 * the wait doubles, up to the last. */
const firstWaitMs = 1
const lastWaitMs = 16

/** The reading end of a pipe. It looks now and then and has itself not woken by every write: an engine writes up to 30,000 times a second, and
 * each read costs a way through the event loop. No Readable, because all bytes pass through one piece of memory: with a new one for each
 * read, collecting them took four times as long as passing them on. */
export class PipeReader {
  private readonly buffer = Buffer.allocUnsafeSlow(readBytes)
  /** Bytes in the buffer that nobody has had yet. */
  private first: number | undefined
  private waitMs = 0
  private wake: (() => void) | undefined
  private shut = false
  private ended = false
  private failure: Error | undefined

  /** @param descriptor must not block. It is closed with the reader. @param whenClosed is called once. */
  constructor(
    private readonly descriptor: number,
    private readonly whenClosed: () => void,
  ) {}

  get closed(): boolean {
    return this.shut
  }

  /** Whether all was read, and nobody can write any more. */
  get drained(): boolean {
    return this.ended
  }

  /** Resolves when there is something to read, or the end. @throws what it was closed with */
  async ready(): Promise<void> {
    this.first = await this.fill()
  }

  /** What comes, to the end: when no writing end is open any more. A chunk is overwritten when the next one is asked for.
   * @throws what it was closed with */
  async *chunks(): AsyncGenerator<Buffer, void> {
    try {
      for (;;) {
        const bytes = this.first ?? (await this.fill())
        this.first = undefined
        if (bytes === 0) return
        yield this.buffer.subarray(0, bytes)
      }
    } finally {
      this.close()
    }
  }

  /** A writer that still writes gets an error at once. */
  close(failure?: Error): void {
    if (this.shut) return
    this.shut = true
    this.failure = failure ?? new Error('The pipe is closed.')
    closeSync(this.descriptor)
    this.wake?.()
    this.whenClosed()
  }

  /** @returns the bytes that are in the buffer now; 0 at the end */
  private async fill(): Promise<number> {
    for (;;) {
      if (this.waitMs > 0) await this.pause()
      if (this.failure) throw this.failure
      const bytes = this.readNow()
      if (bytes !== undefined) {
        this.ended = bytes === 0
        this.waitMs = bytes < smallBytes ? firstWaitMs : 0
        return bytes
      }
      this.waitMs = Math.min(Math.max(this.waitMs * 2, firstWaitMs), lastWaitMs)
    }
  }

  /** @returns undefined if nothing is there yet */
  private readNow(): number | undefined {
    try {
      return readSync(this.descriptor, this.buffer, 0, readBytes, null)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined
      throw error
    }
  }

  private pause(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, this.waitMs)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
