import { quote } from '../../catalog/quote.ts'
import type { Session } from '../open-statement.ts'
import { RoaringBitmap } from './roaring-bitmap.ts'

/** Delete files of the lake, by whole paths. */
export interface DeletionsOrder {
  readonly paths: readonly string[]
}

/** The rows that each deletes, in the order of the paths. */
export interface DeletionsReport {
  readonly files: readonly { readonly bitmap: string; readonly cardinality: number }[]
}

/** Reads delete files as bitmaps, in base64: that is how others than DuckLake keep which rows of a file are deleted. */
export async function readDeletions({ lake }: Pick<Session, 'lake'>, { paths }: DeletionsOrder): Promise<DeletionsReport> {
  const files: { bitmap: string; cardinality: number }[] = []
  for (const path of paths) {
    const result = await lake.stream(`SELECT DISTINCT pos FROM read_parquet(${quote(path)}, hive_partitioning => false) ORDER BY pos`)
    const bitmap = new RoaringBitmap()
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const position of chunk.getColumnValues(0)) bitmap.add(Number(position))
    files.push({ bitmap: bitmap.serialize().toString('base64'), cardinality: bitmap.cardinality })
  }
  return { files }
}
