import type { DuckDBDataChunk, DuckDBType } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { Body, Column } from './column.ts'
import { columnOf } from './column-of.ts'
import { messageHead } from './message.ts'
import { padded } from './padded.ts'

/** A batch ends with the chunk that reaches one of these: enough to make framing and writing worth their while. */
const batchRows = 32_768
const batchBytes = 4 * 1_048_576

/** Collects chunks of DuckDB's until they are a batch of Arrow's. */
export class RecordBatch {
  rows = 0
  private readonly columns: readonly Column[]

  constructor(types: readonly DuckDBType[]) {
    this.columns = types.map(columnOf)
  }

  append(chunk: DuckDBDataChunk): void {
    const { rowCount } = chunk
    this.columns.forEach((column, index) => {
      column.append(duckdb.data_chunk_get_vector(chunk.chunk, index), 0, rowCount)
    })
    this.rows += rowCount
  }

  /** Text can fill a batch before its rows do. */
  get full(): boolean {
    return this.rows >= batchRows || this.body().bytes >= batchBytes
  }

  /** The batch as a message; it is empty afterwards. */
  take(): Buffer {
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
    const message = Buffer.concat([head, ...pieces], head.length + bytes)
    for (const column of this.columns) column.clear()
    this.rows = 0
    return message
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
        pieces.push(piece, padding.subarray(0, padded(piece.length) - piece.length))
        bytes += padded(piece.length)
      },
    }
    for (const column of this.columns) column.describe(body)
    return { nodes, places, pieces, bytes }
  }
}

const padding = new Uint8Array(8)
