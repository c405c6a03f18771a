import type { LogqlCheck, LogqlMistake } from './logql-check.ts'
import type { Logql } from './parse-logql.ts'

/** What Loki's ruler takes for an alert and that cannot be one. */
export const checkAlerts: LogqlCheck = function* (query, use): Generator<LogqlMistake> {
  if (use === 'panel') return
  if (query.nodes('MetricExpr').length === 0) {
    yield { at: query.root, what: 'the query gives lines and a rule needs a number: count them, as in `sum(count_over_time(… [5m]))`' }
    return
  }
  if (use === 'recording') return

  const [bool] = query.nodes('Bool')
  if (bool) yield { at: bool, what: 'with `bool` there is always a result, 0 or 1, and the alert always fires: leave it out' }
  if (!hasThreshold(query))
    yield { at: query.root, what: 'the alert has no threshold and fires as soon as there is anything: end it with one, as in `> 5`' }
}

function hasThreshold(query: Logql): boolean {
  const compares = query.nodes('BinOpExpr').some(node => comparisons.some(operator => node.getChild(operator)))
  return compares || query.nodes('AbsentOverTime').length > 0
}

const comparisons = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq']
