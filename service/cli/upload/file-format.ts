import { type FileKind, kindByName } from '../../file-ending.ts'
import { UsageError } from '../exit-codes.ts'

/** What a file may be, and its content type. */
export const fileFormats = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const satisfies Readonly<Record<FileKind, string>>

export const formatNames: readonly FileKind[] = ['csv', 'ndjson', 'json', 'parquet', 'arrow']

/** @throws UsageError if neither the name nor the option says it */
export function fileFormat(file: string, said: FileKind | undefined): { readonly contentType: string; readonly packed: boolean } {
  const { kind, packed } = kindByName(file)
  const format = said ?? kind
  if (format === undefined) throw new UsageError(`What is in ${file} its name does not say: add --type ${formatNames.join(', ')}.`)
  return { contentType: fileFormats[format], packed }
}
