import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { EditorState, Prec } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view'
import { completionSources } from './completion.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { editorTheme } from './editor-theme.ts'

export interface EditorEvents {
  readonly onChange: (text: string) => void
  /** @param all every statement of the text */
  readonly onRun: (all: boolean) => void
}

/** An editor for SQL. It lies in a shadow tree of its own: there its styles need no exception from the page's content security policy. */
export function openEditor(host: HTMLElement): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  return new EditorView({ parent: root, root, state: EditorState.create() })
}

/** What the editor holds of one tab: text, undo history, selection. */
export function editorState(text: string, { onChange, onRun }: EditorEvents): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      Prec.highest(
        keymap.of([
          { key: 'Mod-Enter', run: view => run(view, onRun, false) },
          { key: 'Shift-Mod-Enter', run: view => run(view, onRun, true) },
        ]),
      ),
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      autocompletion({ override: [...completionSources], icons: false }),
      // Tab is not bound: it leaves the editor.
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
      duckdbDialect.extension,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false' }),
      placeholder('SELECT … FROM …   Ctrl+Enter runs it'),
      EditorView.updateListener.of(update => {
        if (update.docChanged) onChange(update.state.doc.toString())
      }),
      editorTheme,
    ],
  })
}

function run(view: EditorView, onRun: EditorEvents['onRun'], all: boolean): true {
  closeCompletion(view)
  onRun(all)
  return true
}
