import { isNode, type Node, text } from './statement-tree.ts'

/** One step of a plan. Its inputs follow it, one level deeper. */
export interface PlanOperator {
  readonly depth: number
  readonly name: string
  /** What DuckDB says of it: tables, filters, expressions. */
  readonly details: Readonly<Record<string, string>>
  readonly estimatedRows: number | null
  /** Counted, if the statement was run. */
  readonly rows: number | null
  /** Of all threads together, without its inputs. */
  readonly seconds: number | null
}

export interface PlanTotals {
  readonly seconds: number
  readonly rowsScanned: number
  readonly bytesRead: number
  readonly peakMemoryBytes: number
}

export interface Plan {
  readonly operators: readonly PlanOperator[]
  /** There are more operators. */
  readonly truncated: boolean
  /** Missing if the statement was not run. */
  readonly totals: PlanTotals | null
}

/** Operators that are told: nobody reads more of them, and each costs every process on the way. */
const maxOperators = 2_000

/** Characters of one detail: an expression may be as long as the statement. */
const maxDetail = 1_000

/** The plan as DuckDB's `EXPLAIN (FORMAT json)` writes it, in one shape for both of its own. Without recursion: a plan may be as deep as a
 * statement. */
export function readPlan(json: unknown): Plan {
  const root = isNode(json) ? json : undefined
  const waiting = childrenOf(root ? root.children : json, 0)
  const operators: PlanOperator[] = []
  for (let next = waiting.pop(); next && operators.length < maxOperators; next = waiting.pop()) {
    const { node, depth } = next
    const name = text(node.operator_name) || text(node.name)
    const wrapper = name.trim() === 'EXPLAIN_ANALYZE'
    if (!wrapper) operators.push(operatorOf(node, depth, name.trim()))
    waiting.push(...childrenOf(node.children, wrapper ? depth : depth + 1))
    if (operators.length === maxOperators) return { operators, truncated: waiting.length > 0, totals: totalsOf(root) }
  }
  return { operators, truncated: false, totals: totalsOf(root) }
}

/** In the order in which they are taken from the end. */
function childrenOf(children: unknown, depth: number): { readonly node: Node; readonly depth: number }[] {
  return (Array.isArray(children) ? children.filter(isNode) : []).map(node => ({ node, depth })).reverse()
}

function operatorOf(node: Node, depth: number, name: string): PlanOperator {
  // Where the files lie on the server is nobody's business: /v1/tables/…/files has their names.
  const { 'Estimated Cardinality': estimate, 'Filename(s)': _, ...info } = isNode(node.extra_info) ? node.extra_info : {}
  const details = Object.entries(info).map(([key, value]) => [key, shortened((Array.isArray(value) ? value : [value]).join('\n'))])
  return {
    depth,
    name,
    details: Object.fromEntries(details),
    estimatedRows: estimate === undefined ? null : figure(estimate),
    rows: node.operator_cardinality === undefined ? null : figure(node.operator_cardinality),
    seconds: node.operator_timing === undefined ? null : figure(node.operator_timing),
  }
}

function totalsOf(root: Node | undefined): PlanTotals | null {
  if (!root) return null
  return {
    seconds: figure(root.latency),
    rowsScanned: figure(root.cumulative_rows_scanned),
    bytesRead: figure(root.total_bytes_read),
    peakMemoryBytes: figure(root.system_peak_buffer_memory),
  }
}

function figure(value: unknown): number {
  const number = Number(value)
  return Number.isFinite(number) ? number : 0
}

function shortened(detail: string): string {
  return detail.length > maxDetail ? `${detail.slice(0, maxDetail)}…` : detail
}
