import { ServiceError } from '../../errors.ts'
import { sameName } from '../same-name.ts'
import type { Token } from './token.ts'

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** A part of the caller's statement that is handed on: a query, an expression, tables. The read gate judges each before it is used. */
export interface Fragment {
  readonly tokens: readonly Token[]
}

/** Where the reading of a statement is. Blanks and comments are passed over, and kept for the fragments. */
export class Cursor {
  private readonly significant: readonly number[]
  private place = 0

  constructor(
    private readonly tokens: readonly Token[],
    private readonly length: number,
  ) {
    this.significant = tokens.flatMap(({ kind }, index) => (kind === 'space' || kind === 'comment' ? [] : [index]))
  }

  get done(): boolean {
    return this.place >= this.significant.length
  }

  /** Index of the next token in the caller's text. */
  get position(): number {
    return this.peek()?.start ?? this.length
  }

  peek(ahead = 0): Token | undefined {
    const index = this.significant[this.place + ahead]
    return index === undefined ? undefined : this.tokens[index]
  }

  take(): Token | undefined {
    const token = this.peek()
    if (token) this.place += 1
    return token
  }

  /** Whether these keywords, or symbols, come next. */
  at(...words: readonly string[]): boolean {
    return words.every((word, index) => isToken(this.peek(index), word))
  }

  /** Takes them if they come next. */
  accept(...words: readonly string[]): boolean {
    const there = this.at(...words)
    if (there) this.place += words.length
    return there
  }

  /** @throws ServiceError sqlSyntax if they do not come next */
  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) throw this.unexpected(word)
  }

  /** A name, with quotes or without. @param what it is a name of, for the error */
  name(what: string): string {
    const token = this.peek()
    if (token?.kind !== 'word' && token?.kind !== 'name') throw this.unexpected(what)
    this.place += 1
    return token.value
  }

  /** Names with commas between them, in parentheses. */
  names(what: string): readonly string[] {
    this.expect('(')
    const names = [this.name(what)]
    while (this.accept(',')) names.push(this.name(what))
    this.expect(')')
    return names
  }

  /** Takes everything up to one of the ends, outside of brackets and of CASE … END, or to the end of the statement.
   * @param what it should be, for the error if there is nothing. @param ends whether the token, at the given place, is one */
  fragment(what: string, ends: (cursor: Cursor) => boolean = () => false): Fragment {
    const from = this.place
    const open: string[] = []
    for (let token = this.peek(); token; token = this.peek()) {
      const label = isToken(this.peek(-1), '.')
      if (open.length === 0 && !label && ends(this)) break
      this.place += 1
      if (isToken(token, 'CASE') && !label) open.push('END')
      else if (token.kind === 'symbol' && closing[token.value]) open.push(closing[token.value] ?? '')
      else if (isToken(token, 'END') && !label && open.at(-1) === 'END') open.pop()
      else if (token.kind === 'symbol' && ')]}'.includes(token.value)) {
        // In brackets CASE and END can be names of columns.
        while (open.at(-1) === 'END' && open.includes(token.value)) open.pop()
        if (open.pop() !== token.value) throw this.syntax(`There is a ${token.value} too many, or in the wrong place.`, token.start)
      }
    }
    const missing = open.find(bracket => bracket !== 'END')
    if (missing) throw this.syntax(`A ${missing} is missing.`)
    if (this.place === from) throw this.unexpected(what)
    return { tokens: this.tokens.slice(this.significant[from], (this.significant[this.place - 1] ?? 0) + 1) }
  }

  /** Whether the test holds here; nothing is taken. */
  looks(test: (cursor: Cursor) => boolean): boolean {
    const { place } = this
    try {
      return test(this)
    } catch (error) {
      if (error instanceof ServiceError) return false
      throw error
    } finally {
      this.place = place
    }
  }

  /** @throws ServiceError if something follows */
  end(): void {
    if (!this.done) throw this.unexpected('the end of the statement')
  }

  unexpected(wanted: string): ServiceError {
    const token = this.peek()
    const found = token ? `${token.plain.slice(0, 40)} stands` : 'the statement ends'
    return this.syntax(`${wanted} is expected where ${found}.`)
  }

  syntax(detail: string, position = this.position): ServiceError {
    return new ServiceError('sqlSyntax', detail, { position })
  }

  refused(detail: string, position = this.position): ServiceError {
    return new ServiceError('statementRefused', detail, { position })
  }
}

/** Whether a token is this keyword, without quotes, or this symbol. */
export function isToken(token: Token | undefined, word: string): boolean {
  if (token?.kind === 'word') return sameName(token.value) === sameName(word)
  return token?.kind === 'symbol' && token.value === word
}

/** A token's keyword in capitals; '' for what is none. Only ASCII letters make keywords: those of other alphabets can have the same capitals. */
export function keyword(token: Token | undefined): string {
  return token?.kind === 'word' && /^[A-Za-z_]+$/.test(token.value) ? token.value.toUpperCase() : ''
}
