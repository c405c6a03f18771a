import type { Tab } from './tab.ts'

const prefix = 'ducklake.unsaved.'

/** Keeps what IndexedDB has not taken yet at the moment in which the page is left: only localStorage answers before it is gone. */
export function keepUnsaved(window: string, tabs: readonly Tab[]): void {
  try {
    if (tabs.length > 0) localStorage.setItem(prefix + window, JSON.stringify(tabs))
  } catch {
    // This browser keeps nothing, and the page says so.
  }
}

/** What was kept so by a window, once. */
export function takeUnsaved(window: string): readonly Tab[] {
  try {
    const text = localStorage.getItem(prefix + window)
    localStorage.removeItem(prefix + window)
    const tabs: readonly Tab[] = JSON.parse(text ?? '[]')
    return tabs
  } catch {
    return []
  }
}

/** Windows that have kept something. */
export function windowsWithUnsaved(): readonly string[] {
  try {
    return Object.keys(localStorage).flatMap(name => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
  } catch {
    return []
  }
}
