import type { LogqlCheck } from './logql-check.ts'
import { nodesBelow } from './parse-logql.ts'
import { unquoteString } from './unquote-string.ts'

const path = /^(?:[A-Za-z_]\w*|\["[^"]+"\])(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"]+"\])*$/

/** The grammar takes any string for the place of a field; Loki has a grammar of its own for them. */
export const checkJsonPaths: LogqlCheck = function* (query) {
  for (const expression of query.nodes('JsonExpressionParser').flatMap(parser => nodesBelow(parser, 'LabelExtractionExpression'))) {
    const string = expression.getChild('String')
    if (!string || path.test(unquoteString(query.textOf(string)) ?? '')) continue
    yield { at: string, what: 'this is no place in JSON: write one as `res.statusCode`, `tags[0]` or `["odd name"].id`' }
  }
}
