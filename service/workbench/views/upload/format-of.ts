import { type FileKind, kindByName } from '../../../file-ending.ts'

/** What a file is sent as. */
export interface FileFormat {
  readonly name: string
  readonly kind: FileKind
  readonly contentType: string
  /** Whether a piece of it, cut at the end of a line, is such a file too. */
  readonly hasLines: boolean
}

export const fileFormats: readonly FileFormat[] = [
  { name: 'CSV', kind: 'csv', contentType: 'text/csv', hasLines: true },
  { name: 'NDJSON', kind: 'ndjson', contentType: 'application/x-ndjson', hasLines: true },
  { name: 'JSON', kind: 'json', contentType: 'application/json', hasLines: false },
  { name: 'Parquet', kind: 'parquet', contentType: 'application/vnd.apache.parquet', hasLines: false },
  { name: 'Arrow', kind: 'arrow', contentType: 'application/vnd.apache.arrow.stream', hasLines: false },
]

/** @returns format undefined if the file's name does not say what is in it */
export function formatOf(fileName: string): { readonly format: FileFormat | undefined; readonly packed: boolean } {
  const { kind, packed } = kindByName(fileName)
  return { format: fileFormats.find(each => each.kind === kind), packed }
}

export function formatNamed(name: string): FileFormat | undefined {
  return fileFormats.find(each => each.name === name)
}
