/** A piece of SQL as DuckDB's lexer takes it apart, as far as the page needs to know: where texts and comments end, and what is a parameter. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'name' | 'comment' | 'parameter' | 'end' | 'other'
  readonly from: number
  readonly to: number
}

// In this order: a dollar begins a text ($$…$$, $tag$…$tag$) before it begins a parameter. What is open goes on to the end of the text.
const pattern = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<text>[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$))`,
    '(?<name>"(?:""|[^"])*(?:"|$))',
    String.raw`(?<parameter>\$(?:\d+|[\p{L}_][\p{L}\p{N}_]*)|\?)`,
    String.raw`(?<number>\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_$]*)`,
    '(?<end>;)',
    String.raw`(?<other>[\s\S])`,
  ].join('|'),
  'uy',
)

const kinds = ['comment', 'text', 'name', 'parameter', 'number', 'word', 'end'] as const

/** All but white space, in order. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  for (;;) {
    const from = pattern.lastIndex
    const groups = pattern.exec(sql)?.groups
    if (!groups) return tokens
    if (groups.space === undefined) {
      const kind = kinds.find(each => groups[each] !== undefined) ?? 'other'
      tokens.push({ kind, from, to: pattern.lastIndex })
    }
  }
}
