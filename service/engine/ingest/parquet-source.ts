import { quote, quoteName } from '../../catalog/quote.ts'
import { assertParquet } from './check-parquet.ts'
import { readingData } from './data-error.ts'
import { describedColumns } from './described-columns.ts'
import { assertColumns } from './match-columns.ts'
import type { Opener } from './source.ts'
import { TypedSource } from './typed-source.ts'

/** A Parquet file whose footer says the truth about its rows. */
export const openParquet: Opener = async (connection, { paths }) => {
  const [path, ...more] = paths
  if (path === undefined || more.length > 0) throw new Error('Parquet is read from one file')
  const columns = await readingData(() => describedColumns(connection, `read_parquet(${quote(path)})`))
  assertColumns(columns.map(({ name }) => name))
  await readingData(() => assertParquet(connection, path, columns))
  const numbered = columns.map(({ name }, index) => `${quoteName(name)} AS s${index}`)
  return new TypedSource(
    connection,
    columns,
    `SELECT file_row_number + 1 AS line, ${numbered.join(', ')} FROM read_parquet(${quote(path)}, file_row_number = true)`,
  )
}
