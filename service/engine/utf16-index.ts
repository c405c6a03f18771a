/** DuckDB counts bytes of UTF-8; a caller's editor counts UTF-16 code units. */
export function utf16Index(text: string, byte: number): number | undefined {
  // Where a node has no place of its own, DuckDB says 2^64 - 1.
  if (!Number.isInteger(byte) || byte < 0) return undefined
  const bytes = Buffer.from(text)
  return byte <= bytes.length ? bytes.subarray(0, byte).toString().length : undefined
}
