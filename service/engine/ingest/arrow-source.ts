import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type DuckDBAppender, DuckDBDataChunk } from '@duckdb/node-api'
import { type AsyncRecordBatchStreamReader, Message, type RecordBatch, RecordBatchReader } from 'apache-arrow'
import { quoteName } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import { assertFrames } from './arrow-frames.ts'
import { type ArrowColumn, arrowColumn, valueAt } from './arrow-values.ts'
import { readingData } from './data-error.ts'
import { assertColumns } from './match-columns.ts'
import type { Opener } from './source.ts'
import { TypedSource } from './typed-source.ts'

/** Rows that DuckDB takes at once. */
const chunkRows = 2_048

/** An Arrow IPC stream. DuckDB has no reader for it without an extension of others: its rows are first written to a table of the engine,
 * which spills like any other. */
export const openArrow: Opener = async (connection, { paths }) => {
  const [path, ...more] = paths
  if (path === undefined || more.length > 0) throw new Error('Arrow is read from one file')
  const table = `arrow_${randomUUID()}`
  const place = `temp.main.${quoteName(table)}`
  const close = async () => {
    await connection.run(`DROP TABLE IF EXISTS ${place}`)
  }
  try {
    await reading(() => assertFrames(path, metadata => Message.decode(metadata).bodyLength))
    const reader = await reading(() => openReader(path))
    const fields = reader.schema?.fields ?? []
    assertColumns(fields.map(({ name }) => name))
    const columns = fields.map(({ name, type }) => ({ name, ...arrowColumn(name, type) }))
    await connection.run(`CREATE TEMP TABLE ${quoteName(table)} (${columns.map(({ type }, index) => `s${index} ${type}`).join(', ')})`)
    const appender = await connection.createAppender(table, 'main', 'temp')
    await reading(async () => {
      for await (const batch of reader) append(appender, batch, columns)
    })
    appender.closeSync()
    return new TypedSource(
      connection,
      columns.map(({ name, type }) => ({ name, type: String(type) })),
      `SELECT rowid + 1 AS line, * FROM ${place}`,
      close,
    )
  } catch (error) {
    await close()
    throw error
  }
}

async function openReader(path: string): Promise<AsyncRecordBatchStreamReader> {
  const reader = await (await RecordBatchReader.from(createReadStream(path))).open()
  if (reader.isStream()) return reader
  throw new Error('it is a file of Arrow (Feather)')
}

/** What the library throws for bytes that are no Arrow stream are plain errors. */
async function reading<Result>(work: () => Promise<Result>): Promise<Result> {
  return readingData(async () => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ServiceError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new ServiceError('dataInvalid', `The data is not a whole Arrow stream without compression: ${reason.split('\n')[0]}`)
    }
  })
}

function append(appender: DuckDBAppender, batch: RecordBatch, columns: readonly ArrowColumn[]): void {
  for (let first = 0; first < batch.numRows; first += chunkRows) {
    const rows = Math.min(chunkRows, batch.numRows - first)
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => type),
      rows,
    )
    columns.forEach((column, index) => {
      const data = batch.data.children[index]
      if (!data || data.length < batch.numRows) throw new ServiceError('dataInvalid', 'A record batch has columns of different lengths.')
      chunk.setColumnValues(
        index,
        Array.from({ length: rows }, (_, row) => valueAt(data, first + row, column)),
      )
    })
    appender.appendDataChunk(chunk)
  }
  appender.flushSync()
}
