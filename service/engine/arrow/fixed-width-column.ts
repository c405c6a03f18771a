import duckdb, { type Vector } from '@duckdb/node-bindings'
import type { Body, Column } from './column.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { isValid, maskOf, Validity } from './validity.ts'

/** Values that lie in DuckDB's vector as they do in Arrow's buffer. */
export class FixedWidthColumn implements Column {
  private readonly validity = new Validity()
  private readonly values = new GrowingBuffer()

  constructor(private readonly width: number) {}

  append(vector: Vector, first: number, count: number): void {
    const { width, values } = this
    const mask = maskOf(vector, first + count)
    const data = duckdb.vector_get_data(vector, (first + count) * width)
    values.reserve(count * width)
    values.bytes.set(first === 0 ? data : data.subarray(first * width), values.length)
    if (this.validity.append(mask, first, count) > 0) {
      // What lies under a NULL is whatever was in memory.
      for (let row = 0; row < count; row += 1) {
        if (isValid(mask, first + row)) continue
        const at = values.length + row * width
        for (let byte = at; byte < at + width; byte += 1) values.bytes[byte] = 0
      }
    }
    values.length += count * width
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    this.values.addZeros(count * this.width)
  }

  describe(body: Body): void {
    body.node(this.validity.rows, this.validity.nulls)
    body.buffer(this.validity.buffer())
    body.buffer(this.values.bytes.subarray(0, this.values.length))
  }

  clear(): void {
    this.validity.clear()
    this.values.clear()
  }
}
