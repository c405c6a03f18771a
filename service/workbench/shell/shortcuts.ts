import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { go, route } from '../router.ts'
import { focusEditor, runFromEditor } from '../views/query/editor-pane.tsx'
import { exporting } from '../views/query/result-tabs.tsx'
import { runOf } from '../views/query/run.ts'
import { cancel } from '../views/query/run-statements.ts'
import { activate, activeId, closeTab, openTab, reopenTab, tabs } from '../views/query/tabs.ts'

export const sheetOpen = signal(false)
export const paletteOpen = signal(false)
/** Whether the catalogue is shown. Where it would lie above the view, it waits until it is asked for. */
export const sidebar = signal(!matchMedia('(max-width: 640px)').matches)

export interface Shortcut {
  /** As a person reads it. */
  readonly keys: string
  readonly what: string
  /** Missing for those that belong to a part of the page, which takes them itself. */
  readonly matches?: (event: KeyboardEvent) => boolean
  readonly act?: (event: KeyboardEvent) => void
  /** The same without a key, for the palette. */
  readonly run?: () => void
}

function inQuery(act: () => void): () => void {
  return () => {
    if (route.peek().view === 'query') return act()
    go('query')
    // Its parts are on the page a moment later.
    setTimeout(act)
  }
}

const alone = ({ ctrlKey, metaKey, altKey }: KeyboardEvent) => !ctrlKey && !metaKey && !altKey
const alt = ({ ctrlKey, metaKey, altKey }: KeyboardEvent) => altKey && !ctrlKey && !metaKey

/** Every key of the page: the sheet shows them, and those of the whole page are taken from here. */
export const shortcuts: readonly Shortcut[] = [
  { keys: 'Ctrl+Enter', what: 'Run the selection, or the statement at the cursor', run: inQuery(() => runFromEditor()) },
  { keys: 'Ctrl+Shift+Enter', what: 'Run every statement', run: inQuery(() => runFromEditor(true)) },
  {
    keys: 'Ctrl+K',
    what: 'Find a table, a query, something to do',
    matches: event => event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey,
    run: () => {
      paletteOpen.value = true
    },
  },
  {
    keys: 'Ctrl+B',
    what: 'Show or hide the catalogue',
    matches: event => event.key.toLowerCase() === 'b' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey,
    run: () => {
      sidebar.value = !sidebar.peek()
    },
  },
  {
    keys: 'Esc',
    what: 'Cancel the statement that runs',
    matches: event => event.key === 'Escape' && alone(event),
    run: () => cancel(activeId.peek()),
  },
  { keys: 'Ctrl+Space', what: 'Complete a name' },
  { keys: 'Alt+N', what: 'New query', matches: event => alt(event) && event.code === 'KeyN', run: inQuery(() => openTab()) },
  {
    keys: 'Alt+W',
    what: 'Close the query',
    matches: event => alt(event) && event.code === 'KeyW',
    run: inQuery(() => closeTab(activeId.peek())),
  },
  {
    keys: 'Alt+Z',
    what: 'Open the query again that was closed last',
    matches: event => alt(event) && event.code === 'KeyZ',
    run: inQuery(() => reopenTab()),
  },
  {
    keys: 'Alt+1 … 9',
    what: 'Go to a query',
    matches: event => alt(event) && /^Digit[1-9]$/.test(event.code),
    act: ({ code }) => {
      const tab = tabs.peek()[Number(code.slice(5)) - 1]
      if (tab) inQuery(() => activate(tab.id))()
    },
  },
  { keys: 'Alt+E', what: 'To the editor', matches: event => alt(event) && event.code === 'KeyE', run: inQuery(focusEditor) },
  {
    keys: 'Alt+S',
    what: 'Copy the result, or save it as a file',
    matches: event => alt(event) && event.code === 'KeyS' && runOf(activeId.peek()).result.peek() !== undefined,
    run: inQuery(() => {
      exporting.value = true
    }),
  },
  {
    keys: '?',
    what: 'This sheet',
    matches: event => event.key === '?' && alone(event) && !isTyping(event),
    run: () => {
      sheetOpen.value = true
    },
  },
  { keys: 'Arrows, Home, End, Page up and down', what: 'Move in the result; with Shift they select, with Ctrl they go to the end' },
  { keys: 'Ctrl+C', what: 'Copy what is selected in the result' },
  { keys: 'Enter', what: 'Show the value of a cell whole; show the rows of a table in the catalogue' },
  { keys: 'I', what: 'Put the name of a table of the catalogue into the statement' },
  { keys: 'V', what: 'Show the versions of a table of the catalogue' },
  { keys: 'Enter, Delete', what: 'On the name of a column: show what is in it, hide it' },
  { keys: 'Alt+Left, Alt+Right', what: 'Make a column narrower or wider, on its name' },
]

/** Takes the keys of the whole page, except while a dialog is open. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const shortcut = shortcuts.find(({ matches }) => matches?.(event))
      if (!shortcut) return
      event.preventDefault()
      shortcut.act?.(event)
      shortcut.run?.()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Also in the editor, which lies in a shadow tree. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}
