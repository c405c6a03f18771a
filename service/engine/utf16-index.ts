/** A caller's editor counts UTF-16 code units. DuckDB's parser counts characters and its binder bytes of UTF-8. */
export function utf16Index(text: string, counted: 'characters' | 'bytes', index: number): number | undefined {
  // Where a node has no place of its own, DuckDB says 2^64 - 1.
  if (!Number.isInteger(index) || index < 0 || index > Buffer.byteLength(text)) return undefined
  if (counted === 'bytes') return Buffer.from(text).subarray(0, index).toString().length
  return [...text].slice(0, index).join('').length
}
