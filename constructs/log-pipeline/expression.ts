import { RE2JS } from 're2js'

// Expressions as Go, and so every collector and Loki, understands them.

const compiled = new Map<string, RE2JS>()

/** @throws RE2JSException */
export function expressionOf(text: string): RE2JS {
  const known = compiled.get(text)
  if (known) return known
  const expression = RE2JS.compile(text)
  compiled.set(text, expression)
  return expression
}

export function hasMatch(expression: string, text: string): boolean {
  return expressionOf(expression).matcher(text).find()
}

/** Whether it matches from the first to the last character. */
export function isWhole(expression: string, text: string): boolean {
  return expressionOf(expression).matcher(text).matches()
}

/** The named groups of the first match; one that took no part in it is empty. Nothing without a match. */
export function groups(expression: string, text: string): Record<string, string> | undefined {
  const matcher = expressionOf(expression).matcher(text)
  if (!matcher.find()) return undefined
  return Object.fromEntries(groupNames(expression).map(name => [name, matcher.group(name) ?? '']))
}

export function groupNames(expression: string): readonly string[] {
  return Object.keys(expressionOf(expression).namedGroups())
}
