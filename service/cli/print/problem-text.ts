import { CommanderError } from '@commander-js/extra-typings'
import { ProblemError } from '../../client/lake-error.ts'
import { errorCodeOf, FoundFault, sentenceOf } from '../exit-codes.ts'
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

/** What the service says for those who send requests, and what it is in this command. */
const words: readonly (readonly [string, string])[] = [
  ['POST /v1/statements', '"lake run"'],
  ['POST /v1/query', '"lake query"'],
  ['GET /v1/settings', '"lake settings"'],
  ['mode=', '--mode'],
  ['key=', '--by'],
  ['timeoutMs', '--timeout'],
]

/** An error for a person: what is wrong, where, and under which id the service's log has more. */
export function problemText(error: unknown): string | undefined {
  const sentence = sentenceOf(error)
  if (sentence === undefined) return undefined
  const lines = [`lake: ${sentence.split('\n').map(visible).join('\n  ')}`]
  if (error instanceof ProblemError) {
    const { candidates, errors, rejectedCount = 0, requestId, code } = error.problem
    const said = words.filter(([word]) => sentence.includes(word)).map(([word, here]) => `${word} is ${here}`)
    if (said.length > 0) lines.push(`In this command ${said.join(', ')}.`)
    // DuckDB may have said it itself.
    if (candidates && candidates.length > 0 && !sentence.includes('Did you mean'))
      lines.push(`Did you mean ${candidates.map(visible).join(', ')}?`)
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

/** An error for a program; undefined of a fault, which is in the answer already. */
export function problemJson(error: unknown): string | undefined {
  if (error instanceof FoundFault) return undefined
  const detail = error instanceof CommanderError ? commanderText(error) : (sentenceOf(error) ?? String(error))
  return JSON.stringify({ error: error instanceof ProblemError ? error.problem : { code: errorCodeOf(error), detail } })
}

function commanderText({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'Which command? "lake help" lists them.' : message.replace(/^error: /, '')
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
