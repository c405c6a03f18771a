import { quote } from '../../catalog/quote.ts'
import { ServiceError } from '../../errors.ts'
import { readEscapes } from './read-escapes.ts'
import type { Token, TokenKind } from './token.ts'

/** DuckDB takes these for blanks outside of quotes. What else cannot be seen is refused there: our reading of it could differ from DuckDB's. */
const blank = String.raw`[ \t\n\r\f\u00a0\u2000-\u200a\u202f\u205f\u3000\ufeff]`
const odd = /[\p{Z}\p{Cc}\p{Cf}\p{Cs}]/u

/** Whatever is beyond ASCII is a letter to DuckDB, but for the blanks above. */
const letter = String.raw`A-Za-z_\u0080-\u009f\u00a1-\u1fff\u200b-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\u{10ffff}`
const patterns = {
  space: new RegExp(`${blank}+`, 'uy'),
  line: /--[^\n\r]*/uy,
  word: new RegExp(`[${letter}][${letter}0-9$]*`, 'uy'),
  name: /"[^"]*(?:""[^"]*)*"(?!")/uy,
  text: /'[^']*(?:''[^']*)*'(?!')/uy,
  escaped: /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'(?!')/uy,
  tag: new RegExp(String.raw`\$(?:[${letter}][${letter}0-9]*)?\$`, 'uy'),
  parameter: new RegExp(String.raw`\$(?:\d+|[${letter}][${letter}0-9]*)`, 'uy'),
  number: /(?:\d+(?:_\d+)*(?:\.(?!\.)(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?/uy,
  symbol: /[-+*/%^<>=~!@#&|`?:.,()[\]{};\\]/uy,
  behindNumber: new RegExp(`[${letter}0-9$'"]`, 'uy'),
}

/** Cuts a text into tokens by DuckDB's own rules, and refuses what those rules read in a surprising way.
 * @throws ServiceError sqlSyntax with the place */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length; at = tokens.at(-1)?.end ?? sql.length) {
    const token = next(sql, at)
    if (token.kind === 'comment' && tokens.slice(-2).filter(isOperator).length === 2) throw clings(token)
    tokens.push(token)
  }
  return tokens
}

function isOperator({ kind, value }: Token): boolean {
  return kind === 'symbol' && '-+*/%^<>=~!@#&|`?'.includes(value)
}

function next(sql: string, at: number): Token {
  const found = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(sql)?.[0]
  }
  const token = (kind: TokenKind, text: string, value = text, plain = text): Token => ({
    kind,
    start: at,
    end: at + text.length,
    value,
    plain,
  })

  const space = found(patterns.space)
  // Line breaks stay: two texts with one between them are one text.
  if (space) return token('space', space, ' ', space.replace(/[^\n\r]/g, ' '))
  const line = found(patterns.line)
  if (line) return token('comment', line, '', ' ')
  if (sql.startsWith('/*', at)) return token('comment', sql.slice(at, endOfBlock(sql, at)), '', ' ')

  const escaped = found(patterns.escaped)
  if (escaped) return textToken(token, escaped, readEscapes(escaped.slice(2, -1), at + 2))
  const word = found(patterns.word)
  if (word) {
    const hidden = odd.exec(word)
    if (hidden) throw invisible(hidden[0], at + hidden.index)
    assertNoPrefix(sql, word, at)
    return token('word', word)
  }
  const name = found(patterns.name)
  if (name === '""') throw syntax('A name in quotes is empty.', at)
  if (name) return token('name', name, name.slice(1, -1).replaceAll('""', '"'))
  const text = found(patterns.text)
  if (text) return token('text', text, text.slice(1, -1).replaceAll("''", "'"))
  const tag = found(patterns.tag)
  if (tag) {
    const end = sql.indexOf(tag, at + tag.length)
    if (end < 0) throw syntax(`The text that begins with ${tag} does not end.`, at)
    return textToken(token, sql.slice(at, end + tag.length), sql.slice(at + tag.length, end))
  }
  const parameter = found(patterns.parameter)
  if (parameter) return apart(token('parameter', parameter))
  const number = found(patterns.number)
  if (number) return apart(token('number', number))
  const symbol = found(patterns.symbol)
  if (symbol) return token('symbol', symbol)
  throw unknown(sql, at)

  /** DuckDB reads `1a` as the number 1 with the alias a, and `0x1F` as 0. */
  function apart(read: Token): Token {
    patterns.behindNumber.lastIndex = read.end
    if (patterns.behindNumber.test(sql)) throw syntax(`Put a space behind ${read.value}: what follows it is not a part of it.`, read.end)
    return read
  }
}

function textToken(token: (kind: TokenKind, text: string, value: string, plain: string) => Token, text: string, value: string): Token {
  return token('text', text, value, quote(value))
}

/** `b'…'`, `x'…'`, `n'…'` and `u&'…'` are spellings of texts that DuckDB knows only in part; E'…' was read before if it ends. */
function assertNoPrefix(sql: string, word: string, at: number): void {
  const rest = sql.slice(at + word.length, at + word.length + 2)
  if (/^e$/i.test(word) && rest.startsWith("'")) throw unfinished(at)
  const prefix = /^[bxn]$/i.test(word) && rest.startsWith("'")
  if (prefix || (/^u$/i.test(word) && /^&['"]/.test(rest))) {
    throw syntax(`Texts that begin with ${word} and a quote are not supported: write '\\xAB'::BLOB for bytes, and letters as they are.`, at)
  }
}

/** Comments may stand in comments. */
function endOfBlock(sql: string, at: number): number {
  let depth = 0
  for (let index = at; index < sql.length; ) {
    if (sql.startsWith('/*', index)) depth += 1
    else if (sql.startsWith('*/', index)) depth -= 1
    else {
      index += 1
      continue
    }
    index += 2
    if (depth === 0) return index
  }
  throw syntax('A comment does not end.', at)
}

function unknown(sql: string, at: number): ServiceError {
  const character = String.fromCodePoint(sql.codePointAt(at) ?? 0)
  if (character === "'") return unfinished(at)
  if (character === '"') return syntax('A name in quotes does not end: a quote is missing.', at)
  return odd.test(character) ? invisible(character, at) : syntax(`The character ${character} means nothing here.`, at)
}

function unfinished(at: number): ServiceError {
  return syntax('A text does not end: a quote is missing.', at)
}

/** DuckDB reads `//` and other operators of two signs otherwise if a comment follows at once: they bind less. */
function clings({ start }: Token): ServiceError {
  return syntax('Put a space between the operator and the comment behind it.', start)
}

function invisible(character: string, at: number): ServiceError {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return syntax(`The character U+${code}, which cannot be seen, stands outside of quotes: use an ordinary space, or quote the name.`, at)
}

function syntax(detail: string, position: number): ServiceError {
  return new ServiceError('sqlSyntax', detail, { position })
}
