import duckdb, { type Vector } from '@duckdb/node-bindings'
import { ServiceError } from '../../errors.ts'
import type { Body, Column } from './column.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { isValid, maskOf, Validity } from './validity.ts'

/** Writes a value of DuckDB's at a place of Arrow's buffer that is all zeros. */
type Convert = (source: DataView, sourceAt: number, target: DataView, targetAt: number) => void

/** Values that are 16 bytes in Arrow and something else in DuckDB. */
export class ConvertedColumn implements Column {
  private readonly validity = new Validity()
  private readonly values = new GrowingBuffer()

  constructor(
    private readonly sourceWidth: number,
    private readonly convert: Convert,
  ) {}

  append(vector: Vector, first: number, count: number): void {
    const { sourceWidth, convert, values } = this
    const mask = maskOf(vector, first + count)
    const data = duckdb.vector_get_data(vector, (first + count) * sourceWidth)
    const source = new DataView(data.buffer, data.byteOffset, data.byteLength)
    const start = values.length
    values.addZeros(count * 16)
    const target = values.view
    const nulls = this.validity.append(mask, first, count)
    for (let row = 0; row < count; row += 1) {
      if (nulls === 0 || isValid(mask, first + row)) convert(source, (first + row) * sourceWidth, target, start + row * 16)
    }
  }

  appendNulls(count: number): void {
    this.validity.appendNulls(count)
    this.values.addZeros(count * 16)
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

/** DECIMAL lies in the smallest integer that holds its digits, and is a decimal128 of Arrow's. */
export function decimalColumn(digits: number): Column {
  if (digits <= 4) return new ConvertedColumn(2, (source, from, target, to) => widen(source.getInt16(from, true), target, to))
  if (digits <= 9) return new ConvertedColumn(4, (source, from, target, to) => widen(source.getInt32(from, true), target, to))
  return new ConvertedColumn(8, (source, from, target, to) => {
    widen(source.getInt32(from + 4, true), target, to + 4)
    target.setInt32(to, source.getInt32(from, true), true)
  })
}

/** Spreads the sign over the words above. */
function widen(low: number, target: DataView, to: number): void {
  target.setInt32(to, low, true)
  const end = to - (to % 16) + 16
  if (low < 0) for (let at = to + 4; at < end; at += 4) target.setInt32(at, -1, true)
}

/** Months and days are the same, microseconds become nanoseconds. */
export function intervalColumn(): Column {
  return new ConvertedColumn(16, (source, from, target, to) => {
    target.setInt32(to, source.getInt32(from, true), true)
    target.setInt32(to + 4, source.getInt32(from + 4, true), true)
    const nanoseconds = source.getBigInt64(from + 8, true) * 1_000n
    if (BigInt.asIntN(64, nanoseconds) !== nanoseconds)
      throw new ServiceError('queryFailed', 'Arrow holds no INTERVAL with more than 292 years of hours: cast it to VARCHAR.')
    target.setBigInt64(to + 8, nanoseconds, true)
  })
}
