import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { listQueries, type QueryEntry } from '../../api/queries.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { paletteOpen } from '../shortcuts.ts'
import { type Entry, entriesHere, entryOfPast, matching } from './entries.ts'

/** That are shown: who has more writes another word. */
const maxShown = 60

/** Past statements that are asked for. */
const maxPast = 20

/** How long typing has to pause before the service is asked, in milliseconds. */
const askAfterMs = 200

/** Finds tables, queries and things to do by a few letters, with the keyboard alone. */
export function Palette() {
  const id = useId()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const here = useMemo(entriesHere, [])
  const past = usePast(text)
  const shown = useMemo(() => [...matching(here, text), ...past.map(entryOfPast)].slice(0, maxShown), [here, text, past])
  const list = useRef<HTMLDivElement>(null)
  const chosen = Math.min(at, shown.length - 1)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen, shown])
  const close = () => {
    paletteOpen.value = false
  }
  const run = (entry: Entry | undefined) => {
    if (!entry) return
    close()
    // The dialog gives the focus back first.
    setTimeout(entry.run)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && shown.length > 0) setAt((chosen + step + shown.length) % shown.length)
    else if (event.key === 'Enter') run(shown[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title="Find" onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-label="Find a table, a query, something to do"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown.length > 0 ? `${id}-${chosen}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder="A table, a query, something to do"
        value={text}
        autofocus
        onInput={({ currentTarget }) => {
          setText(currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} class="palette" role="listbox" id={`${id}-list`} aria-label="Found">
        {shown.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above has the keys
          <div
            key={entry.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => run(entry)}
            onPointerMove={() => setAt(index)}
          >
            <span class="palette-label" dir="auto">
              {entry.label}
            </span>
            <span class="muted">{entry.kind}</span>
            {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p class="muted">Nothing is called that.</p>}
    </Dialog>
  )
}

/** Statements that were asked before and hold the text. */
function usePast(text: string): readonly QueryEntry[] {
  const [past, setPast] = useState<readonly QueryEntry[]>([])
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(async () => {
      const found = await listQueries({ search: text.trim(), limit: maxPast }, abort.signal).catch(() => undefined)
      // Without the service there is still all that is here.
      if (!abort.signal.aborted && found) setPast(found.queries.filter(({ kind }) => kind !== 'rows'))
    }, askAfterMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text])
  return past
}
