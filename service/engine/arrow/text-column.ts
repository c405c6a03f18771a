import duckdb, { type Vector } from '@duckdb/node-bindings'
import { ServiceError } from '../../errors.ts'
import type { Body, Column } from './column.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { TextWindow } from './text-window.ts'
import { isValid, maskOf, Validity } from './validity.ts'

/** Up to this length a text lies in the vector itself, behind its length. @see duckdb_string_t */
const inlineBytes = 12

/** Arrow's offsets of texts are 32 bits. */
const batchBytes = 0x7fffffff

/** VARCHAR and BLOB. */
export class TextColumn implements Column {
  private readonly validity = new Validity()
  private readonly ends = new GrowingBuffer()
  private readonly texts = new GrowingBuffer()

  constructor() {
    this.clear()
  }

  append(vector: Vector, first: number, count: number): void {
    const mask = maskOf(vector, first + count)
    const data = duckdb.vector_get_data(vector, (first + count) * 16)
    const entries = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const nulls = this.validity.append(mask, first, count)
    const valid = nulls > 0 ? mask : undefined
    this.reserve(entries, valid, first, count)

    const { view, bytes } = this.texts
    const { view: ends } = this.ends
    const window = new TextWindow(entries, valid, first + count)
    let end = this.texts.length
    let endAt = this.ends.length
    for (let row = first; row < first + count; row += 1, endAt += 4) {
      const at = row * 16
      const length = isValid(valid, row) ? entries.getUint32(at, true) : 0
      if (length > inlineBytes) window.copy(row, length, bytes, view, end)
      else if (length > 0) {
        // Three words take less time than as many bytes as there are; what is too much is overwritten by the next text.
        view.setUint32(end, entries.getUint32(at + 4, true), true)
        view.setUint32(end + 4, entries.getUint32(at + 8, true), true)
        view.setUint32(end + 8, entries.getUint32(at + 12, true), true)
      }
      end += length
      ends.setInt32(endAt, end, true)
    }
    this.texts.length = end
    this.ends.length = endAt
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    this.ends.reserve(count * 4)
    for (let row = 0; row < count; row += 1, this.ends.length += 4) this.ends.view.setInt32(this.ends.length, this.texts.length, true)
  }

  describe(body: Body): void {
    body.node(this.validity.rows, this.validity.nulls)
    body.buffer(this.validity.buffer())
    body.buffer(this.ends.bytes.subarray(0, this.ends.length))
    body.buffer(this.texts.bytes.subarray(0, this.texts.length))
  }

  clear(): void {
    this.validity.clear()
    this.texts.clear()
    this.ends.clear()
    this.ends.addZeros(4)
  }

  private reserve(entries: DataView, valid: Uint8Array | undefined, first: number, count: number): void {
    let more = 0
    for (let row = first; row < first + count; row += 1) if (isValid(valid, row)) more += entries.getUint32(row * 16, true)
    if (this.texts.length + more > batchBytes)
      throw new ServiceError('resultTooLarge', 'Texts of more than 2 GiB stand side by side, which Arrow cannot hold: ask for Parquet.')
    this.texts.reserve(more + inlineBytes)
    this.ends.reserve(count * 4)
  }
}
