/** Ids as ranges, `["1-1000", "1003"]`: those of a batch stand in its commit, and nearly always follow each other.
 * @param ids ascending */
export function idRanges(ids: readonly string[]): string[] {
  const ranges: { first: bigint; last: bigint }[] = []
  for (const id of ids.map(BigInt)) {
    const present = ranges.at(-1)
    if (present && id === present.last + 1n) present.last = id
    else ranges.push({ first: id, last: id })
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
}
