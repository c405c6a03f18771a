import { LakeError, ProblemError } from '../../client/lake-error.ts'
import { sentenceOf } from '../exit-codes.ts'
import { visible } from './cell-text.ts'
import { recordsText } from './table-text.ts'

const askDoctor = '"lake doctor", with the environment of the service, names the cause.'

/** What the service cannot know: how this command is told a key, and that it has a doctor. */
const hints: Readonly<Record<string, string>> = {
  unauthenticated: 'Name a key with --key-file, LAKE_KEY_FILE or LAKE_KEY; npm start keeps one in .lake/admin-key of its folder.',
  engineNotReady: askDoctor,
  catalogUnavailable: askDoctor,
  catalogUnfit: askDoctor,
  storageUnavailable: askDoctor,
}

/** An error for a person: what is wrong, where, and under which id the service's log has more. */
export function problemText(error: unknown): string | undefined {
  const sentence = sentenceOf(error)
  if (sentence === undefined) return undefined
  const lines = [`lake: ${sentence.split('\n').map(visible).join('\n  ')}`]
  if (error instanceof ProblemError) {
    const { candidates, errors, rejectedCount = 0, requestId, code } = error.problem
    if (candidates && candidates.length > 0) lines.push(`Did you mean ${candidates.map(visible).join(', ')}?`)
    if (errors && errors.length > 0) {
      const rows = errors.map(({ line, column = '', value = '', reason }) => ({ line, column, value, reason }))
      lines.push('', recordsText(['line', 'column', 'value', 'reason'], rows, ['line']))
      if (rejectedCount > errors.length) lines.push(`… and ${rejectedCount - errors.length} rows more`)
    }
    const hint = hints[code]
    if (hint !== undefined) lines.push(hint)
    lines.push(`(${code}, request ${visible(requestId)})`)
  }
  return lines.join('\n')
}

/** An error for a program. */
export function problemJson(error: unknown): string | undefined {
  const detail = sentenceOf(error)
  if (detail === undefined) return undefined
  const code = error instanceof LakeError ? error.code : 'usage'
  return JSON.stringify({ error: error instanceof ProblemError ? error.problem : { code, detail } })
}

/** The line of a statement in which it is wrong, with a mark below the place. */
export function placeText(sql: string, position: number): string {
  const start = sql.lastIndexOf('\n', position - 1) + 1
  const end = sql.indexOf('\n', position)
  const line = sql.slice(start, end < 0 ? undefined : end)
  const number = sql.slice(0, start).split('\n').length
  const before = `${number} | `
  return `${before}${visible(line)}\n${' '.repeat(before.length + visible(line.slice(0, position - start)).length)}^`
}
