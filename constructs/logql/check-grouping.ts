import type { LogqlCheck } from './logql-check.ts'
import type { LogqlNode } from './parse-logql.ts'

/** Fields are labels of a result, too: without `by`, a count has a series for each request there was, and Loki holds them all. A query
 * over 600,000 lines that takes two seconds with `sum by` did not end within a minute without. */
export const checkGrouping: LogqlCheck = function* (query) {
  for (const range of query.nodes('RangeAggregationExpr')) {
    const operation = range.getChild('RangeOp')
    if (operation?.getChild('AbsentOverTime') || names(range) || names(aboveIt(range, operation))) continue
    yield { at: range, what: `every field of every line makes a series of its own: write ${advice(operation)}` }
  }
}

/** Of these, Loki carries the `by` of a `sum` around them to where lines are read. */
const carried = ['Rate', 'CountOverTime', 'BytesRate', 'BytesOverTime', 'SumOverTime']

function aboveIt(range: LogqlNode, operation: LogqlNode | null): LogqlNode | undefined {
  const above = range.parent?.parent
  if (above?.name !== 'VectorAggregationExpr' || !above.getChild('VectorOp')?.getChild('Sum')) return undefined
  return carried.some(kind => operation?.getChild(kind)) ? above : undefined
}

/** Whether the result has only labels that are named; a `sum` of all has none. */
function names(aggregation: LogqlNode | undefined): boolean {
  const grouping = aggregation?.getChild('Grouping')
  return grouping ? Boolean(grouping.getChild('By')) : aggregation?.name === 'VectorAggregationExpr'
}

function advice(operation: LogqlNode | null): string {
  return carried.some(kind => operation?.getChild(kind)) ? '`sum by (…)` directly around it' : '`by (…)` directly behind it'
}
