import type { Json } from '../api/rows.ts'

/** Characters of a value that a cell shows: all of it is in the value's own window. */
const maxShown = 300

/** A value as a cell shows it, on one line: a time without the zeros that every time has behind its seconds. */
export function cellText(value: Json, type: string): string {
  if (typeof value === 'string' && type.startsWith('TIMESTAMP')) return value.replace('T', ' ').replace(/\.0+(Z?)$/, '$1')
  const text = valueText(value, maxShown + 1)
  const line = text.replace(/[\r\n\t]+/g, ' ⏎ ')
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line
}

/** A value whole, as it is copied: texts as they are, what is nested as JSON, NULL as nothing. @param limit characters that are needed */
export function valueText(value: Json, limit = Number.POSITIVE_INFINITY): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.length > limit ? value.slice(0, limit) : value
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

const numbers = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL|BIGNUM)/

/** Numbers stand at the right, so that their digits stand below each other. */
export function isNumber(type: string): boolean {
  return numbers.test(type) && !type.endsWith(']')
}

/** One or two characters that say what a column holds. */
export function typeSign(type: string): string {
  if (type.endsWith(']')) return '[]'
  if (isNumber(type)) return '#'
  if (/^(DATE|TIME)/.test(type)) return '◷'
  if (/^(STRUCT|MAP|UNION)/.test(type)) return '{}'
  if (type === 'BOOLEAN') return '✓'
  if (type === 'BLOB' || type === 'BIT') return '01'
  return 'T'
}
