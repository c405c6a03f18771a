import type { components } from '../../../../client/api-types.ts'

type LineageGraph = components['schemas']['LineageGraph']
type Node = LineageGraph['nodes'][number]

export interface PlacedNode {
  readonly node: Node
  /** Pixels, of its upper left corner. */
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly nodes: readonly PlacedNode[]
  /** Paths as SVG has them. */
  readonly edges: readonly string[]
  readonly width: number
  readonly height: number
}

/** Pixels; styles/operate.css has the first two. */
export const nodeSize = { width: 200, height: 44 } as const
const [gapX, gapY, border] = [64, 14, 16]

/** Places the nodes of a graph in columns by their distance from its root: what that was made of at the left, what was made of it at the
 * right. In each column they stand as near to their neighbours as their order allows. */
export function layoutGraph({ root, nodes, edges }: LineageGraph): Layout {
  const rankOf = ranks(root, edges)
  const columns = new Map<number, Node[]>()
  for (const node of nodes) {
    const rank = rankOf.get(node.id) ?? 0
    columns.set(rank, [...(columns.get(rank) ?? []), node])
  }
  const first = Math.min(...columns.keys())
  const place = new Map<string, { x: number; y: number }>()
  const tallest = Math.max(...[...columns.values()].map(each => each.length))
  const height = border * 2 + tallest * (nodeSize.height + gapY) - gapY
  for (const rank of [...columns.keys()].sort((a, b) => Math.abs(a) - Math.abs(b))) {
    const column = (columns.get(rank) ?? []).map(node => ({ node, near: nearness(node.id, edges, place) })).sort((a, b) => a.near - b.near)
    const top = (height - column.length * (nodeSize.height + gapY) + gapY) / 2
    for (const [index, { node }] of column.entries())
      place.set(node.id, { x: border + (rank - first) * (nodeSize.width + gapX), y: top + index * (nodeSize.height + gapY) })
  }
  return {
    nodes: nodes.flatMap(node => {
      const at = place.get(node.id)
      return at ? [{ node, ...at }] : []
    }),
    edges: edges.flatMap(({ from, to }) => {
      const [a, b] = [place.get(from), place.get(to)]
      if (!a || !b) return []
      // What a job reads of the table that it writes would only lead back.
      const isReturn = b.x < a.x && edges.some(each => each.from === to && each.to === from)
      return isReturn ? [] : [pathOf(a, b)]
    }),
    width: border * 2 + columnsBetween(columns) * (nodeSize.width + gapX) - gapX,
    height,
  }
}

function columnsBetween(columns: ReadonlyMap<number, unknown>): number {
  return Math.max(...columns.keys()) - Math.min(...columns.keys()) + 1
}

/** Steps from the root, negative against the flow: as many as the longest way has, so that nothing flows back. What is on both sides counts for
 * the one that is nearer. */
function ranks(root: string, edges: LineageGraph['edges']): ReadonlyMap<string, number> {
  const rank = new Map([[root, 0]])
  const [into, outOf] = [new Map<string, string[]>(), new Map<string, string[]>()]
  for (const { from, to } of edges) {
    into.set(to, [...(into.get(to) ?? []), from])
    outOf.set(from, [...(outOf.get(from) ?? []), to])
  }
  let [up, down] = [[root], [root]]
  const step = (ids: readonly string[], neighbours: ReadonlyMap<string, readonly string[]>, to: number) => {
    const fresh = [...new Set(ids.flatMap(id => neighbours.get(id) ?? []))].filter(id => !rank.has(id))
    for (const id of fresh) rank.set(id, to)
    return fresh
  }
  for (let distance = 1; up.length > 0 || down.length > 0; distance++) {
    up = step(up, into, -distance)
    down = step(down, outOf, distance)
  }
  const forth = edges.filter(({ from, to }) => !reaches(to, from, outOf))
  for (let moved = true; moved; ) {
    moved = false
    for (const { from, to } of forth) {
      const [a, b] = [rank.get(from), rank.get(to)]
      if (a === undefined || b === undefined || a < b) continue
      if (a >= 0) rank.set(to, a + 1)
      else rank.set(from, b - 1)
      moved = true
    }
  }
  return rank
}

/** Whether data goes round from one to the other. */
function reaches(start: string, goal: string, outOf: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set([start])
  for (const id of seen) for (const next of outOf.get(id) ?? []) seen.add(next)
  return seen.has(goal)
}

/** The middle of its neighbours that are placed already. */
function nearness(id: string, edges: LineageGraph['edges'], place: ReadonlyMap<string, { readonly y: number }>): number {
  const ys = edges.flatMap(({ from, to }) => (from === id ? (place.get(to)?.y ?? []) : to === id ? (place.get(from)?.y ?? []) : []))
  return ys.length === 0 ? 0 : ys.reduce((sum, y) => sum + y, 0) / ys.length
}

/** A curve from the right edge of one node to the left edge of another. */
function pathOf(from: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }): string {
  const [x1, y1, x2, y2] = [from.x + nodeSize.width, from.y + nodeSize.height / 2, to.x, to.y + nodeSize.height / 2]
  const bend = Math.max(Math.abs(x2 - x1) / 2, 24)
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
