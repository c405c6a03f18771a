import { RE2JS, RE2JSException } from 're2js'
import type { LogqlCheck } from './logql-check.ts'
import { type Logql, type LogqlNode, nodesBelow } from './parse-logql.ts'
import { unquoteString } from './unquote-string.ts'

/** A selector that a stream without any label would meet. Loki refuses it, but only when it is asked. */
export const checkSelectors: LogqlCheck = function* (query) {
  for (const selector of query.nodes('Selector')) {
    const matchers = nodesBelow(selector, 'Matcher')
    if (matchers.length > 0 && matchers.every(matcher => takesEmptyValue(query, matcher))) {
      yield {
        at: selector,
        what: 'the selector takes every stream: name a label that must have a value, as in `app="loki"` or `app=~".+"`',
      }
    }
  }
}

function takesEmptyValue(query: Logql, matcher: LogqlNode): boolean {
  const string = matcher.getChild('String')
  const value = string ? unquoteString(query.textOf(string)) : undefined
  if (value === undefined) return false
  if (matcher.getChild('Eq')) return value === ''
  if (matcher.getChild('Neq')) return value !== ''
  const matches = matchesEmptyText(value)
  return matcher.getChild('Re') ? matches : !matches
}

function matchesEmptyText(source: string): boolean {
  try {
    return RE2JS.compile(withVariables(source)).matches('')
  } catch (error) {
    // What is no regular expression at all is another check's mistake.
    if (error instanceof RE2JSException) return false
    throw error
  }
}

/** A variable of a dashboard stands for the values somebody chose, and for `.+` when they chose all. */
function withVariables(source: string): string {
  return source.replace(/\$\w+|\$\{\w+(:\w+)?\}/g, '.+')
}
