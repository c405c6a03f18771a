/** A node of the tree that json_serialize_sql gives. */
export type Node = Readonly<Record<string, unknown>>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names are compared as DuckDB compares them. */
export function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** Every object of a tree, however deep: subqueries, CTEs and lambdas are objects like all others. A loop and not a recursion, since
 * nobody promises that a caller's statement is less deep than our stack. */
export function* nodesOf(tree: unknown): Iterable<Node> {
  const waiting = [tree]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) for (const item of next) waiting.push(item)
    else if (isNode(next)) {
      yield next
      for (const key in next) waiting.push(next[key])
    }
  }
}
