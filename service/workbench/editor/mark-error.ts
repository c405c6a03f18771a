import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import type { EditorView } from '@codemirror/view'
import type { Problem } from '../api/ask.ts'

/** What is marked: from where the problem is to the end of the word there. A text that was changed since is left alone.
 * @param sent the statement that failed and where it stood */
export function markError(view: EditorView, sent: { readonly sql: string; readonly from: number }, problem: Problem): void {
  const diagnostic = diagnosticOf(view, sent, problem)
  view.dispatch(setDiagnostics(view.state, diagnostic ? [diagnostic] : []))
}

export function clearErrors(view: EditorView): void {
  view.dispatch(setDiagnostics(view.state, []))
}

function diagnosticOf(view: EditorView, sent: { readonly sql: string; readonly from: number }, problem: Problem): Diagnostic | undefined {
  const { position, detail, candidates = [] } = problem
  if (position === undefined) return undefined
  if (view.state.sliceDoc(sent.from, sent.from + sent.sql.length) !== sent.sql) return undefined
  const { from, to } = wordAt(sent.sql, position)
  return {
    from: sent.from + from,
    to: sent.from + to,
    severity: 'error',
    message: detail,
    actions: candidates.slice(0, 5).map(candidate => ({
      name: candidate,
      apply: (target, start, end) => target.dispatch({ changes: { from: start, to: end, insert: candidate } }),
    })),
  }
}

/** A name, a number or one character; at the end of the text the last one that there is. */
export function wordAt(sql: string, position: number): { readonly from: number; readonly to: number } {
  const from = Math.min(position, sql.length)
  const [word = ''] = /^(?:"(?:""|[^"])*"|[\p{L}\p{N}_]+|[\s\S])/u.exec(sql.slice(from)) ?? []
  if (word.trim() !== '') return { from, to: from + word.length }
  const before = sql.slice(0, from).trimEnd().length
  return { from: Math.max(before - 1, 0), to: Math.max(before, Math.min(1, sql.length)) }
}
