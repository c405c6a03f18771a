/** The order in which object stores list keys: that of their bytes in UTF-8, which is not that of JavaScript's texts. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
