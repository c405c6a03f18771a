import type { LogqlCheck } from './logql-check.ts'
import { type Logql, type LogqlNode, nodesBelow } from './parse-logql.ts'

/** Loki fails a whole metric query as soon as one line has an error, for example one that is no JSON. A panel shows nothing then, and an
 * alert never fires, while its rule looks healthy. `__error__=""` after the last stage that may fail lets the other lines count. */
export const checkParseErrors: LogqlCheck = function* (query) {
  for (const range of query.nodes('LogRangeExpr')) {
    const last = nodesBelow(range, ...Object.keys(failures)).at(-1)
    if (!last || dropsErrors(query, range, last.to)) continue
    yield { at: last, what: `${failures[last.name]} fails the whole query: put \`| __error__=""\` after it` }
  }
}

/** The stages that may fail, and by what. */
const failures: Readonly<Record<string, string>> = {
  Json: 'one line that is no JSON',
  JsonExpressionParser: 'one line that is no JSON',
  Unpack: 'one line that is no JSON',
  Logfmt: 'one line that is no logfmt',
  NumberFilter: 'one line whose label is empty or no number',
  DurationFilter: 'one line whose label is empty or no duration',
  BytesFilter: 'one line whose label is empty or no size',
  Unwrap: 'one line whose label is empty or no number',
}

function dropsErrors(query: Logql, range: LogqlNode, after: number): boolean {
  return nodesBelow(range, 'Matcher').some(matcher => matcher.from >= after && /^__error__\s*=\s*(""|``)$/.test(query.textOf(matcher)))
}
