type Rows = readonly (readonly (string | null)[])[]

/** DuckDB's averages and quotients are doubles, Spark's of decimals have six digits behind the point. */
const tolerance = 1e-6

/** @returns where two answers differ; nothing if they do not */
export function difference(ours: Rows, theirs: Rows): string {
  if (ours.length !== theirs.length) return `${ours.length} rows and ${theirs.length}`
  for (const [index, row] of ours.entries())
    for (const [column, value] of row.entries()) {
      const other = theirs[index]?.[column]
      if (!same(value, other)) return `row ${index + 1}, column ${column + 1}: ${value} and ${other}`
    }
  return ''
}

function same(one: string | null, other: string | null | undefined): boolean {
  if (one === other) return true
  if (one === null || other === null || other === undefined) return false
  const [a, b] = [Number(one), Number(other)]
  return Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
}
