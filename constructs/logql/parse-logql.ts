import { parser } from '@grafana/lezer-logql'

/** A node of the syntax tree; `name` is its kind in Grafana's grammar. */
export type LogqlNode = ReturnType<typeof parser.parse>['topNode']

/** A query and its syntax tree. The nodes' offsets are those of the text as it was written. */
export class Logql {
  readonly root: LogqlNode
  private readonly parsed: string

  constructor(readonly text: string) {
    this.parsed = withRanges(text)
    this.root = parser.parse(this.parsed).topNode
  }

  textOf(node: LogqlNode): string {
    return this.text.slice(node.from, node.to)
  }

  /** Every node of these kinds, in the order of the text. */
  nodes(...kinds: readonly string[]): LogqlNode[] {
    return nodesBelow(this.root, ...kinds)
  }

  /** Where the grammar does not go on. */
  mistakes(): LogqlNode[] {
    const found: LogqlNode[] = []
    this.root.cursor().iterate(({ node }) => void (node.type.isError && found.push(node)))
    return found
  }
}

export function nodesBelow(root: LogqlNode, ...kinds: readonly string[]): LogqlNode[] {
  const found: LogqlNode[] = []
  root.cursor().iterate(({ node }) => void (kinds.includes(node.name) && found.push(node)))
  return found
}

/** Grafana puts a duration there before it asks. One of the same length keeps every offset. */
function withRanges(query: string): string {
  return query.replace(/\$__(auto|interval|range)\b/g, variable => '5m'.padStart(variable.length, '0'))
}
