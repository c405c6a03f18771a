import { tokensOf } from './tokens.ts'

/** What `EXPLAIN`, `EXPLAIN ANALYZE` or `EXPLAIN (ANALYZE, FORMAT json)` is about: where that begins, and whether it shall be run. */
export function explainedBy(sql: string): { readonly start: number; readonly analyze: boolean } {
  const tokens = tokensOf(sql).filter(({ kind }) => kind !== 'comment')
  const word = (index: number) => {
    const token = tokens[index]
    return token ? sql.slice(token.from, token.to).toUpperCase() : ''
  }
  let next = 1
  let analyze = false
  if (word(next) === 'ANALYZE') {
    analyze = true
    next++
  } else if (word(next) === '(' && /^(ANALYZE|FORMAT)$/.test(word(next + 1))) {
    for (; next < tokens.length && word(next) !== ')'; next++) analyze ||= word(next) === 'ANALYZE'
    next++
  }
  return { start: tokens[next]?.from ?? sql.length, analyze }
}
