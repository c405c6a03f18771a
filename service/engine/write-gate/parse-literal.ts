import { quote } from '../../catalog/quote.ts'
import { type Cursor, keyword } from './cursor.ts'

/** Types whose values are written as a text behind the name. */
const typed = ['DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMPTZ', 'UUID']

/** Reads a value for DEFAULT, as SQL of ours. A function there would run with every later INSERT, whoever sends it.
 * @throws ServiceError for all but a number, a text, true, false, NULL, or DATE '…' and the like */
export function parseLiteral(cursor: Cursor): string {
  const { position } = cursor
  const sign = cursor.accept('-') ? '-' : ''
  const token = cursor.take()
  const word = keyword(token)
  const next = cursor.peek()
  let literal: string | undefined
  if (token?.kind === 'number') literal = sign + token.value
  else if (sign === '' && token?.kind === 'text') literal = quote(token.value)
  else if (sign === '' && ['TRUE', 'FALSE', 'NULL'].includes(word)) literal = word
  else if (sign === '' && typed.includes(word) && next?.kind === 'text') {
    cursor.take()
    literal = `${word} ${quote(next.value)}`
  }
  const follows = cursor.peek()
  const goesOn = follows?.kind === 'symbol' && ![',', ')'].includes(follows.value)
  if (literal === undefined || goesOn) {
    throw cursor.refused(
      "DEFAULT takes a plain value only: a number, a text, true, false, NULL, DATE '…' or TIMESTAMP '…'. Anything else would run with every later INSERT.",
      position,
    )
  }
  return literal
}
