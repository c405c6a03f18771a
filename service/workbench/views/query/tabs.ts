import { computed, signal } from '@preact/signals'
import { say } from '../../parts/announce.tsx'
import { randomId } from '../../random-id.ts'
import { newTab, type Tab, titleOf } from './tab.ts'
import { type KeptTab, TabStore } from './tab-store.ts'
import { keepUnsaved, takeUnsaved, windowsWithUnsaved } from './unsaved.ts'
import { claimWindow } from './window-name.ts'

/** How many closed tabs can be opened again. */
const maxClosed = 50

/** The tabs of this window, in their order. There is always one. */
export const tabs = signal<readonly Tab[]>([newTab()])
export const activeId = signal(tabs.peek()[0]?.id ?? '')
export const active = computed(() => tabs.value.find(({ id }) => id === activeId.value) ?? tabs.value[0] ?? newTab())
/** Whether what is typed is kept by the browser. */
export const kept = signal(true)

let store: TabStore | undefined
let windowName = randomId()
const revisions = new Map<string, number>()
const saving = new Map<string, Promise<void>>()

/** Brings back what was typed in this window, and then, as soon as that is known, in windows that are gone. */
export async function restoreTabs(): Promise<void> {
  const [opened, { name, isGone }] = await Promise.all([TabStore.open(), claimWindow()])
  store = opened
  kept.value = opened !== undefined
  windowName = name
  const all = (await opened?.all()) ?? []
  for (const { tab, revision } of all) revisions.set(tab.id, revision)
  await forgetOldest(all)
  const open = all.filter(({ closedAt }) => closedAt === undefined)
  const last = sessionStorage.getItem('ducklake.tab')
  if (!takeTabs(name, open)) save(active.peek().id)
  else if (last !== null && tabs.peek().some(({ id }) => id === last)) activeId.value = last
  window.addEventListener('pagehide', keepWhatIsUnsaved)
  window.addEventListener('pageshow', () => takeUnsaved(windowName))
  for (const other of new Set([...open.map(({ window }) => window), ...windowsWithUnsaved()]))
    if (other !== name) void isGone(other).then(gone => gone && takeTabs(other, open))
}

/** Puts a window's tabs beside what is typed here. @returns whether it has any */
function takeTabs(from: string, open: readonly KeptTab[]): boolean {
  const saved = open.filter(({ window }) => window === from).map(({ tab }) => tab)
  const unsaved = takeUnsaved(from)
  const taken = new Map([...saved, ...unsaved].map(tab => [tab.id, tab]))
  if (taken.size === 0) return false
  const here = tabs.peek().filter(({ id, sql }) => sql !== '' && !taken.has(id))
  // A blank one, which may just be on its way into the store.
  for (const { id } of tabs.peek())
    if (!taken.has(id) && !here.some(tab => tab.id === id))
      void Promise.resolve(saving.get(id)).then(() => store?.remove(id).catch(() => {}))
  tabs.value = [...here, ...taken.values()]
  if (!tabs.peek().some(({ id }) => id === activeId.peek())) activate(tabs.peek()[0]?.id ?? '')
  for (const { id } of from === windowName ? unsaved : taken.values()) save(id)
  return true
}

export function activate(id: string): void {
  activeId.value = id
  sessionStorage.setItem('ducklake.tab', id)
}

export function openTab(given: Partial<Omit<Tab, 'id'>> = {}): Tab {
  const tab = newTab(given)
  tabs.value = [...tabs.peek(), tab]
  activate(tab.id)
  save(tab.id)
  return tab
}

export function changeTab(id: string, change: Partial<Omit<Tab, 'id'>>): void {
  tabs.value = tabs.peek().map(tab => (tab.id === id ? { ...tab, ...change } : tab))
  save(id)
}

export function closeTab(id: string): void {
  const index = tabs.peek().findIndex(tab => tab.id === id)
  const closed = tabs.peek()[index]
  if (!closed) return
  const left = tabs.peek().filter(tab => tab !== closed)
  tabs.value = left.length > 0 ? left : [newTab()]
  if (activeId.peek() === id) activate(tabs.peek()[Math.min(index, tabs.peek().length - 1)]?.id ?? '')
  if (closed.sql.trim() === '') store?.remove(id).catch(() => {})
  else write(closed, Date.now())
}

/** Opens the tab again that was closed last. */
export async function reopenTab(): Promise<void> {
  // The one that was closed a moment ago may still be on its way there.
  await Promise.all(saving.values())
  const closed = (await store?.all())?.filter(each => each.closedAt !== undefined).sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))[0]
  if (!closed) return say('No tab was closed')
  revisions.set(closed.tab.id, closed.revision)
  tabs.value = [...tabs.peek(), closed.tab]
  activate(closed.tab.id)
  save(closed.tab.id)
}

/** Writes a tab once the write before has ended, with what is in it by then: nothing typed waits for a timer. */
function save(id: string): void {
  if (saving.has(id)) {
    dirty.add(id)
    return
  }
  const tab = tabs.peek().find(each => each.id === id)
  if (tab) write(tab)
}

const dirty = new Set<string>()

function write(tab: Tab, closedAt?: number): void {
  const { id } = tab
  const written = (saving.get(id) ?? Promise.resolve())
    .then(async () => {
      if (!store) return
      const revision = (revisions.get(id) ?? 0) + 1
      const saved = await store.save({ tab, window: windowName, revision, ...(closedAt !== undefined && { closedAt }) })
      if (saved) revisions.set(id, revision)
      else if (closedAt === undefined) fork(id)
    })
    .catch(() => {
      kept.value = false
    })
    .finally(() => {
      if (saving.get(id) !== written) return
      saving.delete(id)
      if (dirty.delete(id)) save(id)
    })
  saving.set(id, written)
}

/** Another window has written the same tab: ours becomes one of its own, so that neither text is lost. */
function fork(id: string): void {
  const copy = randomId()
  tabs.value = tabs.peek().map(tab => (tab.id === id ? { ...tab, id: copy, title: `${titleOf(tab)} (2)` } : tab))
  dirty.delete(id)
  if (activeId.peek() === id) activate(copy)
  save(copy)
  say('This query was changed in another window: here it is a copy now')
}

function keepWhatIsUnsaved(): void {
  keepUnsaved(
    windowName,
    tabs.peek().filter(({ id }) => saving.has(id)),
  )
}

async function forgetOldest(all: readonly KeptTab[]): Promise<void> {
  const closed = all.filter(each => each.closedAt !== undefined).sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))
  for (const { tab } of closed.slice(maxClosed)) await store?.remove(tab.id)
}
