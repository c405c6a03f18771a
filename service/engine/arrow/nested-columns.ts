import duckdb, { type Vector } from '@duckdb/node-bindings'
import { ServiceError } from '../../errors.ts'
import type { Body, Column } from './column.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { forEachRun, isValid, maskOf, Validity } from './validity.ts'

/** LIST, and MAP, which is a list of keys and values. */
export class ListColumn implements Column {
  private readonly validity = new Validity()
  private readonly ends = new GrowingBuffer()
  private items = 0

  constructor(private readonly child: Column) {
    this.clear()
  }

  append(vector: Vector, first: number, count: number): void {
    const mask = maskOf(vector, first + count)
    const data = duckdb.vector_get_data(vector, (first + count) * 16)
    const entries = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const childVector = duckdb.list_vector_get_child(vector)
    this.validity.append(mask, first, count)
    // Lists that follow each other in the child, as most do, are taken at once.
    let start = 0
    let length = 0
    for (let row = first; row < first + count; row += 1) {
      const size = isValid(mask, row) ? Number(entries.getBigUint64(row * 16 + 8, true)) : 0
      if (size > 0) {
        const offset = Number(entries.getBigUint64(row * 16, true))
        if (offset !== start + length) {
          if (length > 0) this.child.append(childVector, start, length)
          start = offset
          length = 0
        }
        length += size
      }
      this.addEnd(size)
    }
    if (length > 0) this.child.append(childVector, start, length)
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    for (let row = 0; row < count; row += 1) this.addEnd(0)
  }

  describe(body: Body): void {
    body.node(this.validity.rows, this.validity.nulls)
    body.buffer(this.validity.buffer())
    body.buffer(this.ends.bytes.subarray(0, this.ends.length))
    this.child.describe(body)
  }

  clear(): void {
    this.validity.clear()
    this.ends.clear()
    this.ends.addZeros(4)
    this.items = 0
    this.child.clear()
  }

  private addEnd(size: number): void {
    this.items += size
    if (this.items > 0x7fffffff) throw new ServiceError('resultTooLarge', 'The lists of a batch have more items than Arrow can count.')
    this.ends.reserve(4)
    this.ends.view.setInt32(this.ends.length, this.items, true)
    this.ends.length += 4
  }
}

/** Children that have as many rows for each of ours: STRUCT with one, ARRAY with its size. */
export class ParallelColumn implements Column {
  private readonly validity = new Validity()

  constructor(
    private readonly children: readonly Column[],
    private readonly rowsEach: number,
    private readonly childVector: (vector: Vector, index: number) => Vector,
  ) {}

  append(vector: Vector, first: number, count: number): void {
    const mask = maskOf(vector, first + count)
    this.validity.append(mask, first, count)
    this.children.forEach((child, index) => {
      const childVector = this.childVector(vector, index)
      // Under a NULL a child has no value that may be read.
      forEachRun(mask, first, count, (valid, start, length) => {
        if (valid) child.append(childVector, start * this.rowsEach, length * this.rowsEach)
        else child.appendNulls(length * this.rowsEach)
      })
    })
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    for (const child of this.children) child.appendNulls(count * this.rowsEach)
  }

  describe(body: Body): void {
    body.node(this.validity.rows, this.validity.nulls)
    body.buffer(this.validity.buffer())
    for (const child of this.children) child.describe(body)
  }

  clear(): void {
    this.validity.clear()
    for (const child of this.children) child.clear()
  }
}
