import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quote } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import type { Column } from '../messages.ts'
import { readPageHeader } from './parquet-page.ts'

/** Bytes that a page's header is looked for in: statistics in it may be long. */
const headerBytes = 65_536

/** A file whose footer counts other rows than its pages hold: DuckDB would invent rows, or leave some out, without a word.
 * @param columns of the file. @throws ServiceError dataInvalid that names the column and the row group */
export async function assertParquet(connection: DuckDBConnection, path: string, columns: readonly Column[]): Promise<void> {
  const ask = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  const [[total] = []] = await ask(`SELECT num_rows FROM parquet_file_metadata(${quote(path)})`)
  const [[sum] = []] = await ask(
    `SELECT coalesce(sum(rows), 0)::BIGINT FROM (SELECT any_value(row_group_num_rows) AS rows FROM parquet_metadata(${quote(path)}) GROUP BY row_group_id)`,
  )
  if (Number(total) !== Number(sum)) throw new ServiceError('dataInvalid', `The footer says ${total} rows, its row groups ${sum}.`)
  const chunks = await ask(
    `SELECT row_group_id, path_in_schema, num_values, row_group_num_rows, coalesce(nullif(dictionary_page_offset, 0), data_page_offset),
      total_compressed_size FROM parquet_metadata(${quote(path)})`,
  )
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(headerBytes)
    for (const [group, column, values, rows, offset, bytes] of chunks) {
      const place = `Row group ${group}, column "${String(column).slice(0, 100)}"`
      const end = Number(offset) + Number(bytes)
      if (Number(offset) < 4 || end > size) throw new ServiceError('dataInvalid', `${place}: its pages lie outside of the file.`)
      let held = 0
      for (let at = Number(offset); at < end; ) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(headerBytes, end - at), at)
        const page = readPageHeader(buffer.subarray(0, bytesRead))
        if (!page) throw new ServiceError('dataInvalid', `${place}: the header of the page at byte ${at} cannot be read.`)
        held += page.values
        at += page.headerBytes + page.bytes
      }
      // A list has more values than rows: then the two counts of values are all that can be compared.
      const said = hasLists(columns, String(column)) ? Number(values) : Number(rows)
      if (held !== Number(values) || held !== said)
        throw new ServiceError('dataInvalid', `${place}: the footer says ${said} values, its pages hold ${held}.`)
    }
  } finally {
    await file.close()
  }
}

/** Whether a column's values are items of lists. @param place the names from the column down to the values, which may hold commas themselves */
function hasLists(columns: readonly Column[], place: string): boolean {
  const found = columns.find(({ name }) => name === place)
  const possible = found ? [found] : columns.filter(({ name }) => place.startsWith(`${name}, `))
  return possible.length === 0 || possible.some(({ type }) => /\[|MAP\(/.test(type))
}
