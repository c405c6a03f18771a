import { type FileHandle, open } from 'node:fs/promises'
import { type DuckDBResult, ResultReturnType } from '@duckdb/node-api'
import { ServiceError } from '../../errors.ts'
import type { ResultEnd, ResultHead } from '../messages.ts'
import type { OpenStatement } from '../open-statement.ts'
import { handedOver } from './handed-over.ts'
import { endOfStream } from './message.ts'
import { RecordBatch } from './record-batch.ts'
import { schemaMessage } from './schema-message.ts'

/** Runs a statement and writes its rows as a stream of Arrow record batches. DuckDB has no writer for them: its vectors are copied, column
 * by column, while it computes the next ones. Only a stream that is whole ends with Arrow's end marker. */
export async function writeArrow(statement: OpenStatement, path: string, started: (head: ResultHead) => void): Promise<ResultEnd> {
  const columns = await statement.columns()
  const prepared = await statement.prepare(handedOver(statement.sql, columns))
  // It has looked at the first mebibyte when it comes back: an error in there rejects.
  const result = await prepared.stream()
  const types = result.columnTypes()
  started({
    columns: columns.map(({ name, type }) => ({ name, type: String(type) })),
    ...(statement.snapshotId !== undefined && { snapshotId: statement.snapshotId }),
  })
  const file = await open(path, 'w')
  try {
    await writeWhole(file, schemaMessage(types.map((type, index) => ({ name: columns[index]?.name ?? '', type }))))
    const rowCount = await writeBatches(result, new RecordBatch(types), message => writeWhole(file, message))
    await writeWhole(file, endOfStream)
    return { rowCount, truncated: false }
  } finally {
    await file.close()
  }
}

/** @returns the number of rows */
async function writeBatches(result: DuckDBResult, batch: RecordBatch, write: (message: Uint8Array) => Promise<void>): Promise<number> {
  let rowCount = 0
  let written = Promise.resolve()
  let fetched = nextChunk(result)
  try {
    for (let chunk = await fetched; chunk; chunk = await fetched) {
      // While we copy this one, DuckDB makes the next.
      fetched = nextChunk(result)
      fetched.catch(() => {})
      rowCount += chunk.rowCount
      batch.append(chunk)
      if (!batch.full) continue
      // One batch waits for the reader while the next is filled, no more; its bytes are used again.
      await written
      written = write(batch.take())
      written.catch(() => {})
    }
    await written
    if (batch.rows > 0) await write(batch.take())
    return rowCount
  } finally {
    // Nothing may still be at work on the connection or the pipe.
    await Promise.allSettled([fetched, written])
  }
}

async function nextChunk(result: DuckDBResult) {
  const chunk = await result.fetchChunk()
  if (chunk && chunk.rowCount > 0) return chunk
  // DuckDB ends a stream that failed like one that is through, and keeps the error to itself. Only the type of the result shows it.
  if (result.returnType !== ResultReturnType.QUERY_RESULT)
    throw new ServiceError('queryFailed', 'The statement failed in the middle of its rows. Ask for another format to read why.')
  return undefined
}

/** `writeFile` would do it in pieces of 512 KiB, each with a way through the event loop. */
async function writeWhole(file: FileHandle, message: Uint8Array): Promise<void> {
  for (let written = 0; written < message.length; ) written += (await file.write(message, written)).bytesWritten
}
