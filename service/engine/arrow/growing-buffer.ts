import { padded } from './padded.ts'

/** Beyond this a buffer is not kept for the next batch: one batch of long texts must not hold its memory to the end. */
const keptBytes = 8 * 1_048_576

/** Bytes that are added at the end. What lies behind them is not zeroed. */
export class GrowingBuffer {
  bytes = new Uint8Array(1_024)
  view = new DataView(this.bytes.buffer)
  length = 0

  /** Makes room for that many more. Whoever holds `bytes` or `view` takes them anew. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(padded(Math.max(needed, this.bytes.length * 2)))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  add(more: Uint8Array): void {
    this.reserve(more.length)
    this.bytes.set(more, this.length)
    this.length += more.length
  }

  addZeros(count: number): void {
    this.reserve(count)
    this.bytes.fill(0, this.length, this.length + count)
    this.length += count
  }

  clear(): void {
    this.length = 0
    if (this.bytes.length <= keptBytes) return
    this.bytes = new Uint8Array(1_024)
    this.view = new DataView(this.bytes.buffer)
  }
}
