import { UsageError } from '../exit-codes.ts'

/** What a file may be, by the ending of its name, and its content type. */
export const fileFormats = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const
export type FileFormat = keyof typeof fileFormats

export const formatNames: readonly FileFormat[] = ['csv', 'ndjson', 'json', 'parquet', 'arrow']

const endings: Readonly<Record<string, FileFormat>> = { jsonl: 'ndjson', tsv: 'csv', arrows: 'arrow', ipc: 'arrow', pq: 'parquet' }

/** @throws UsageError if neither the name nor the option says it */
export function fileFormat(file: string, said: FileFormat | undefined): { readonly contentType: string; readonly packed: boolean } {
  const packed = /\.gz$/i.test(file)
  const [, ending = ''] = /\.(\w+)$/.exec(packed ? file.slice(0, -3) : file) ?? []
  const format = said ?? endings[ending.toLowerCase()] ?? formatNames.find(name => name === ending.toLowerCase())
  if (format === undefined) throw new UsageError(`What is in ${file} its name does not say: add --type ${formatNames.join(', ')}.`)
  return { contentType: fileFormats[format], packed }
}
