import duckdb, { type Vector } from '@duckdb/node-bindings'
import { GrowingBuffer } from './growing-buffer.ts'

/** DuckDB's bitmap of the rows that are not NULL; `undefined` if all are not. */
export type Mask = Uint8Array | undefined

/** @param rows from the vector's start */
export function maskOf(vector: Vector, rows: number): Mask {
  // Typed as if it were always there.
  return duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8) ?? undefined
}

export function isValid(mask: Mask, row: number): boolean {
  return mask === undefined || (((mask[row >> 3] ?? 0) >> (row & 7)) & 1) === 1
}

/** Calls back with each run of rows that are alike. */
export function forEachRun(mask: Mask, first: number, count: number, run: (valid: boolean, first: number, count: number) => void): void {
  const end = first + count
  for (let start = first; start < end; ) {
    const valid = isValid(mask, start)
    let next = start + 1
    while (next < end && (mask === undefined || isValid(mask, next) === valid)) next += 1
    run(valid, start, next - start)
    start = next
  }
}

/** Which rows of a batch are not NULL. */
export class Validity {
  rows = 0
  nulls = 0
  private readonly bits = new GrowingBuffer()

  /** @returns how many of them are NULL */
  append(mask: Mask, first: number, count: number): number {
    const before = this.nulls
    if (mask) for (let row = first; row < first + count; row += 1) this.add(isValid(mask, row))
    else if (this.nulls === 0) this.rows += count
    else for (let row = 0; row < count; row += 1) this.add(true)
    return this.nulls - before
  }

  appendNulls(count: number): void {
    for (let row = 0; row < count; row += 1) this.add(false)
  }

  /** Empty where no row is NULL: Arrow asks for no bitmap then. */
  buffer(): Uint8Array {
    return this.nulls === 0 ? new Uint8Array() : this.bits.bytes.subarray(0, Math.ceil(this.rows / 8))
  }

  clear(): void {
    this.rows = 0
    this.nulls = 0
    this.bits.clear()
  }

  private add(valid: boolean): void {
    if (!valid && this.nulls === 0) this.fill()
    if (!valid) this.nulls += 1
    if (this.nulls > 0) {
      const at = this.rows >> 3
      if (at >= this.bits.length) this.bits.addZeros(1)
      const { bytes } = this.bits
      bytes[at] = (bytes[at] ?? 0) | ((valid ? 1 : 0) << (this.rows & 7))
    }
    this.rows += 1
  }

  /** The first NULL: every row before it has a value. */
  private fill(): void {
    this.bits.clear()
    this.bits.addZeros(Math.ceil(this.rows / 8))
    this.bits.bytes.fill(0xff, 0, this.rows >> 3)
    if (this.rows & 7) this.bits.bytes[this.rows >> 3] = (1 << (this.rows & 7)) - 1
  }
}
