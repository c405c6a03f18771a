import duckdb, { type Vector } from '@duckdb/node-bindings'
import type { Body, Column } from './column.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { isValid, maskOf, Validity } from './validity.ts'

/** A byte in DuckDB, a bit in Arrow. */
export class BooleanColumn implements Column {
  private readonly validity = new Validity()
  private readonly bits = new GrowingBuffer()

  append(vector: Vector, first: number, count: number): void {
    const start = this.validity.rows
    const mask = maskOf(vector, first + count)
    const data = duckdb.vector_get_data(vector, first + count)
    this.validity.append(mask, first, count)
    this.lengthen()
    const { bytes } = this.bits
    for (let row = 0; row < count; row += 1) {
      const at = start + row
      if (data[first + row] && isValid(mask, first + row)) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7))
    }
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    this.lengthen()
  }

  describe(body: Body): void {
    body.node(this.validity.rows, this.validity.nulls)
    body.buffer(this.validity.buffer())
    body.buffer(this.bits.bytes.subarray(0, this.bits.length))
  }

  clear(): void {
    this.validity.clear()
    this.bits.clear()
  }

  private lengthen(): void {
    this.bits.addZeros(Math.ceil(this.validity.rows / 8) - this.bits.length)
  }
}
