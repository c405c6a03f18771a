import { logLabels } from '../log-labels.ts'
import type { LogqlCheck } from './logql-check.ts'
import { nodesBelow } from './parse-logql.ts'

/** A selector with a label that no collector sets selects nothing, and Loki finds nothing wrong with that. */
export const checkLabels: LogqlCheck = function* (query) {
  for (const matcher of query.nodes('Selector').flatMap(selector => nodesBelow(selector, 'Matcher'))) {
    const name = matcher.getChild('Identifier')
    if (!name || logLabels.some(label => label === query.textOf(name))) continue
    yield {
      at: matcher,
      what: `no stream has the label ${query.textOf(name)}: use one of ${logLabels.join(', ')}, or a filter behind the selector`,
    }
  }
}
