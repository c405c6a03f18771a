import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Body, Column } from './column.ts'
import { columnOf } from './column-of.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { messageHead } from './message.ts'
import { padded } from './padded.ts'

/** A batch ends with the chunk that reaches one of these: enough to make framing and writing worth their while. */
const batchRows = 32_768
const batchBytes = 4 * 1_048_576

/** Collects chunks of DuckDB's until they are a batch of Arrow's. */
export class RecordBatch {
  rows = 0
  private readonly columns: readonly Column[]
  // Allocated once: fresh memory for each message would cost more than the copy.
  private readonly message = new GrowingBuffer()

  constructor(types: readonly DuckDBType[]) {
    this.columns = types.map(columnOf)
  }

  append(chunk: DuckDBDataChunk): void {
    const { rowCount } = chunk
    this.columns.forEach((column, index) => {
      column.append(duckdb.data_chunk_get_vector(chunk.chunk, index), 0, rowCount)
    })
    // Asked only now: a chunk that is asked nothing more may be collected, and its vectors are freed with it.
    this.rows += chunk.rowCount
  }

  /** Text can fill a batch before its rows do. */
  get full(): boolean {
    return this.rows >= batchRows || this.body().bytes >= batchBytes
  }

  /** The batch as a message, whose bytes are taken back at the next call; it is empty afterwards. */
  take(): Uint8Array {
    const { nodes, places, pieces, bytes } = this.body()
    const head = messageHead(
      'recordBatch',
      [
        { kind: 'int64', value: this.rows },
        { kind: 'structs', value: nodes },
        { kind: 'structs', value: places },
      ],
      bytes,
    )
    const { message } = this
    message.clear()
    message.reserve(head.length + bytes)
    message.add(head)
    for (const piece of pieces) {
      message.add(piece)
      message.addZeros(padded(piece.length) - piece.length)
    }
    for (const column of this.columns) column.clear()
    this.rows = 0
    return message.bytes.subarray(0, message.length)
  }

  private body() {
    const nodes: number[][] = []
    const places: number[][] = []
    const pieces: Uint8Array[] = []
    let bytes = 0
    const body: Body = {
      node: (rows, nulls) => nodes.push([rows, nulls]),
      buffer: piece => {
        places.push([bytes, piece.length])
        pieces.push(piece)
        bytes += padded(piece.length)
      },
    }
    for (const column of this.columns) column.describe(body)
    return { nodes, places, pieces, bytes }
  }
}
