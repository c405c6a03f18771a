import { RE2JS, RE2JSException } from 're2js'
import type { LogqlCheck, LogqlMistake } from './logql-check.ts'
import { type Logql, type LogqlNode, nodesBelow } from './parse-logql.ts'
import { unquoteString } from './unquote-string.ts'

/** Every regular expression as Go's engine reads it: no look-around, no back-references. The grammar takes any string for one. */
export const checkRegularExpressions: LogqlCheck = function* (query) {
  for (const { node, mustCapture } of expressions(query)) {
    const source = unquoteString(query.textOf(node))
    if (source === undefined) {
      yield { at: node, what: 'the string has an escape that LogQL has not: put the expression in backticks' }
      continue
    }
    const mistake = mistakeIn(source, mustCapture)
    if (mistake) yield { at: node, what: mistake }
  }
}

/** Every string that is a regular expression. */
function* expressions(query: Logql): Generator<{ readonly node: LogqlNode; readonly mustCapture: boolean }> {
  for (const filter of query.nodes('LineFilter')) {
    if (nodesBelow(filter, 'PipeMatch', 'Nre').length === 0) continue
    for (const node of nodesBelow(filter, 'String')) yield { node, mustCapture: false }
  }
  for (const matcher of query.nodes('Matcher')) {
    const node = matcher.getChild('String')
    if (node && (matcher.getChild('Re') || matcher.getChild('Nre'))) yield { node, mustCapture: false }
  }
  for (const parser of query.nodes('LabelParser')) {
    const node = parser.getChild('String')
    if (node && parser.getChild('Regexp')) yield { node, mustCapture: true }
  }
  for (const call of query.nodes('LabelReplaceExpr')) {
    const node = call.getChildren('String').at(-1)
    if (node) yield { node, mustCapture: false }
  }
}

function mistakeIn(source: string, mustCapture: boolean): LogqlMistake['what'] | undefined {
  try {
    const captures = Object.keys(RE2JS.compile(source).namedGroups())
    if (mustCapture && captures.length === 0) return 'the regexp stage captures nothing: name a group, as in `(?P<size>[0-9]+)`'
    return undefined
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return `the regular expression is none that Go reads (${error.message.replace(/\.$/, '')}): mend it`
  }
}
