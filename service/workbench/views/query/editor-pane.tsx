import type { EditorState } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import { useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { clearErrors, markError } from '../../editor/mark-error.ts'
import { editorState, openEditor } from '../../editor/sql-editor.ts'
import { statementAt, statementsOf } from '../../sql/statements.ts'
import { type Failure, runOf, type Sent } from './run.ts'
import { runStatements } from './run-statements.ts'
import { active, changeTab, tabs } from './tabs.ts'

let view: EditorView | undefined
/** Undo history and selection of the tabs that were open. */
const states = new Map<string, EditorState>()

/** Runs the selection, or the statement at the cursor, or all. */
export function runFromEditor(all = false): void {
  const tab = active.peek()
  const statements = statementsToRun(tab.sql, all)
  if (statements.length > 0) runStatements(tab, statements)
}

/** The statement at the cursor. */
export function statementFromEditor(): Sent | undefined {
  return statementsToRun(active.peek().sql, false)[0]
}

export function focusEditor(): void {
  view?.focus()
}

/** Puts a name where the cursor is. */
export function insertAtCursor(text: string): void {
  if (!view) return
  view.dispatch(view.state.replaceSelection(text))
  view.focus()
}

/** Replaces what is wrong by a name that exists. */
export function takeCandidate({ sent, problem }: Failure, candidate: string): void {
  const { position } = problem
  if (!view || position === undefined) return
  const from = sent.from + position
  const word = /^(?:"(?:""|[^"])*"|[\p{L}\p{N}_]+)/u.exec(view.state.sliceDoc(from))?.[0] ?? ''
  view.dispatch({ changes: { from, to: from + word.length, insert: candidate } })
  view.focus()
}

/** The editor of the tab that is open. */
export function EditorPane() {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!host.current) return
    view = openEditor(host.current)
    return () => {
      view?.destroy()
      view = undefined
    }
  }, [])
  const shown = useRef<string | undefined>(undefined)
  useSignalEffect(() => {
    const { id, sql } = active.value
    if (!view) return
    if (shown.current !== id) {
      if (shown.current !== undefined) states.set(shown.current, view.state)
      for (const known of states.keys()) if (!tabs.peek().some(tab => tab.id === known)) states.delete(known)
      view.setState(states.get(id) ?? editorState(sql, eventsOf(id)))
      shown.current = id
    }
    // Changed from elsewhere: by a link, the history or a sample.
    if (view.state.doc.toString() !== sql) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: sql } })
  })
  useSignalEffect(() => {
    const failure = runOf(active.value.id).failure.value
    if (!view) return
    if (failure) markError(view, failure.sent, failure.problem)
    else clearErrors(view)
  })
  return <div ref={host} class="editor" />
}

function eventsOf(id: string) {
  return {
    onChange: (sql: string) => {
      if (active.peek().id === id && active.peek().sql !== sql) changeTab(id, { sql })
    },
    onRun: runFromEditor,
  }
}

function statementsToRun(text: string, all: boolean): readonly Sent[] {
  if (all) return statementsOf(text)
  const { from = 0, to = 0 } = view?.state.selection.main ?? {}
  if (from !== to) return statementsOf(text.slice(from, to)).map(({ sql, from: start }) => ({ sql, from: from + start }))
  const statement = statementAt(text, to)
  return statement ? [statement] : []
}
