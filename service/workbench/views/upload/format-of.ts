/** What a file is sent as. */
export interface FileFormat {
  readonly name: 'CSV' | 'NDJSON' | 'JSON' | 'Parquet' | 'Arrow'
  readonly contentType: string
  /** Whether a piece of it, cut at the end of a line, is such a file too. */
  readonly hasLines: boolean
}

export const fileFormats: readonly FileFormat[] = [
  { name: 'CSV', contentType: 'text/csv', hasLines: true },
  { name: 'NDJSON', contentType: 'application/x-ndjson', hasLines: true },
  { name: 'JSON', contentType: 'application/json', hasLines: false },
  { name: 'Parquet', contentType: 'application/vnd.apache.parquet', hasLines: false },
  { name: 'Arrow', contentType: 'application/vnd.apache.arrow.stream', hasLines: false },
]

const byEnding: Readonly<Record<string, FileFormat['name']>> = {
  csv: 'CSV',
  tsv: 'CSV',
  txt: 'CSV',
  ndjson: 'NDJSON',
  jsonl: 'NDJSON',
  json: 'JSON',
  parquet: 'Parquet',
  pq: 'Parquet',
  arrow: 'Arrow',
  arrows: 'Arrow',
}

/** What a file's name says that it is; CSV if it says nothing. `.gz` behind that means that it is packed. */
export function formatOf(fileName: string): { readonly format: FileFormat; readonly packed: boolean } {
  const packed = /\.gz$/i.test(fileName)
  const ending = /\.(\w+)$/.exec(packed ? fileName.slice(0, -3) : fileName)?.[1]?.toLowerCase() ?? ''
  const name = byEnding[ending] ?? 'CSV'
  return { format: formatNamed(name), packed }
}

export function formatNamed(name: string): FileFormat {
  const [csv] = fileFormats
  const found = fileFormats.find(each => each.name === name) ?? csv
  if (!found) throw new Error('there are formats')
  return found
}
