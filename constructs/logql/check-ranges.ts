import type { LogqlCheck } from './logql-check.ts'

/** The grammar skips spaces there, Loki takes them for a part of the unit. */
export const checkRanges: LogqlCheck = function* (query) {
  for (const range of query.nodes('Range')) {
    if (/\s/.test(query.textOf(range))) yield { at: range, what: 'no space goes into a range: write `[5m]`' }
  }
}
