import { type Token, tokensOf } from './tokens.ts'

/** One statement of a text: where it stands, from its first word to its last, without the semicolon. */
export interface Statement {
  readonly from: number
  readonly to: number
  readonly sql: string
}

/** The statements of a text; comments before and behind one belong to it only if they stand inside. */
export function statementsOf(text: string): Statement[] {
  const statements: Statement[] = []
  let begun: { from: number; to: number } | undefined
  const end = () => {
    if (begun) statements.push({ ...begun, sql: text.slice(begun.from, begun.to) })
    begun = undefined
  }
  for (const { kind, from, to } of tokensOf(text)) {
    if (kind === 'end') end()
    else if (kind !== 'comment') begun = { from: begun?.from ?? from, to }
  }
  end()
  return statements
}

/** The one that a cursor is in, or behind on the same line; otherwise the next one, or the last. */
export function statementAt(text: string, cursor: number): Statement | undefined {
  const statements = statementsOf(text)
  const inside = statements.find(({ from, to }) => from <= cursor && cursor <= to)
  if (inside) return inside
  const before = statements.findLast(({ to }) => to < cursor)
  if (before && !text.slice(before.to, cursor).includes('\n')) return before
  return statements.find(({ from }) => from > cursor) ?? before
}

/** `$name` and `$1` of a statement, each once, in the order in which they come. */
export function parametersOf(sql: string): string[] {
  const tokens = tokensOf(sql).filter(({ kind }) => kind === 'parameter')
  return [...new Set(tokens.map(({ from, to }) => sql.slice(from + 1, to)).filter(name => name !== ''))]
}

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'CREATE', 'ALTER', 'DROP', 'COMMENT', 'TRUNCATE', 'REPLACE'])

/** What a statement is for: `plan` begins with EXPLAIN. It decides only where the page sends it; the service judges for itself. */
export function kindOf(sql: string): 'read' | 'write' | 'plan' {
  const words = tokensOf(sql).filter(({ kind }) => kind !== 'comment')
  const [first] = words
  const verb = first ? sql.slice(first.from, first.to).toUpperCase() : ''
  if (verb === 'EXPLAIN') return 'plan'
  if (verb === 'WITH')
    return wordsOutside(sql, words).some(word => word !== 'REPLACE' && word !== 'COMMENT' && writing.has(word)) ? 'write' : 'read'
  return writing.has(verb) ? 'write' : 'read'
}

/** The words that stand in no parentheses. */
function wordsOutside(sql: string, tokens: readonly Token[]): string[] {
  let depth = 0
  return tokens.flatMap(({ kind, from, to }) => {
    const text = sql.slice(from, to)
    if (text === '(') depth++
    if (text === ')') depth--
    return depth === 0 && kind === 'word' ? [text.toUpperCase()] : []
  })
}
