/** What rows are kept as in a file. */
export type FileKind = 'csv' | 'ndjson' | 'json' | 'parquet' | 'arrow'

const kinds: Readonly<Record<string, FileKind>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
  pq: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
  ipc: 'arrow',
}

export const fileEndings: readonly string[] = [...Object.keys(kinds), 'gz']

/** The last part of a file's name, in small letters and empty if it has none; `.gz` behind it means that the file is packed. */
export function endingOf(name: string): { readonly ending: string; readonly packed: boolean } {
  const packed = /\.gz$/i.test(name)
  return { ending: /\.(\w+)$/.exec(packed ? name.slice(0, -3) : name)?.[1]?.toLowerCase() ?? '', packed }
}

/** What a file's name says that is in it: the service, its page and its command judge by this alone.
 * @returns kind undefined if it does not say it: nobody guesses then, because a wrong guess makes a table of rubbish */
export function kindByName(name: string): { readonly kind: FileKind | undefined; readonly packed: boolean } {
  const { ending, packed } = endingOf(name)
  return { kind: Object.hasOwn(kinds, ending) ? kinds[ending] : undefined, packed }
}
