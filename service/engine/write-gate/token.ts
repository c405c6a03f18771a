/** What a part of a statement's text is.
 * `word`: a name or keyword without quotes; `name`: one in double quotes; `text`: a string in any of its spellings. */
export type TokenKind = 'space' | 'comment' | 'word' | 'name' | 'text' | 'number' | 'parameter' | 'symbol'

/** A part of a statement's text. All of them, one behind the other, are the whole text. */
export interface Token {
  readonly kind: TokenKind
  /** Index of the first UTF-16 unit. */
  readonly start: number
  /** Index behind the last. */
  readonly end: number
  /** As DuckDB is to get it: the same meaning in the plainest spelling. */
  readonly plain: string
  /** What a name or text says, without its quotes; a word, number or symbol as it stands. */
  readonly value: string
}
