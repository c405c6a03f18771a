import { useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.tsx'
import { runOf } from './run.ts'
import { type Tab, titleOf } from './tab.ts'
import { activate, activeId, changeTab, closeTab, kept, openTab, tabs } from './tabs.ts'

/** The queries that are open in this window. Arrows move, F2 renames, Delete closes; a closed one can be opened again. */
export function TabBar() {
  const [renamed, setRenamed] = useState('')
  return (
    <div class="tab-bar">
      <div class="tab-list" role="tablist" aria-label="Queries">
        {tabs.value.map(tab =>
          renamed === tab.id ? (
            <TitleInput key={tab.id} tab={tab} onEnd={() => setRenamed('')} />
          ) : (
            <TabButton key={tab.id} tab={tab} onRename={() => setRenamed(tab.id)} />
          ),
        )}
      </div>
      <button type="button" class="quiet" aria-label="New query" title="New query (Alt+N)" onClick={() => openTab()}>
        <Icon name="plus" />
      </button>
      {!kept.value && <p class="warning">This browser keeps nothing: what is typed here is gone when the page is closed.</p>}
    </div>
  )
}

function TabButton({ tab, onRename }: { readonly tab: Tab; readonly onRename: () => void }) {
  const chosen = tab.id === activeId.value
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (step !== undefined) move(event, step)
    else if (event.key === 'F2') onRename()
    else if (event.key === 'Delete') closeTab(tab.id)
    else return
    event.preventDefault()
  }
  return (
    <div class={`tab ${chosen ? 'chosen' : ''}`} role="presentation">
      <button
        type="button"
        role="tab"
        id={`tab-${tab.id}`}
        aria-selected={chosen}
        tabIndex={chosen ? 0 : -1}
        dir="auto"
        title="F2 or a double click renames it"
        onClick={() => activate(tab.id)}
        onDblClick={onRename}
        onKeyDown={onKeyDown}
      >
        {runOf(tab.id).running.value && <span class="dot" role="img" aria-label="runs" />}
        {titleOf(tab)}
      </button>
      {/* A list of tabs may hold tabs only. Without a mouse, Delete on the tab and Alt+W do the same. */}
      <button type="button" class="quiet" tabIndex={-1} aria-hidden="true" title="Close (Delete, Alt+W)" onClick={() => closeTab(tab.id)}>
        <Icon name="close" />
      </button>
    </div>
  )
}

function TitleInput({ tab, onEnd }: { readonly tab: Tab; readonly onEnd: () => void }) {
  const take = (title: string) => {
    changeTab(tab.id, { title: title.trim() })
    onEnd()
  }
  return (
    <input
      class="tab-title"
      aria-label="Title of the query"
      value={titleOf(tab)}
      ref={input => input?.focus()}
      onBlur={({ currentTarget }) => take(currentTarget.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') take(event.currentTarget.value)
        if (event.key === 'Escape') onEnd()
        event.stopPropagation()
      }}
    />
  )
}

function move(event: KeyboardEvent, step: number): void {
  const all = tabs.peek()
  const next = all[(all.findIndex(({ id }) => id === activeId.peek()) + step + all.length) % all.length]
  if (!next) return
  activate(next.id)
  queueMicrotask(() => document.getElementById(`tab-${next.id}`)?.focus())
  event.preventDefault()
}
