import type { Tab } from './tab.ts'

/** A tab as it is kept: by whom it is open, and how often it was written. */
export interface KeptTab {
  readonly tab: Tab
  readonly window: string
  readonly revision: number
  /** When it was closed, in milliseconds; it can be opened again. */
  readonly closedAt?: number
}

const name = 'ducklake-workbench'
const store = 'tabs'

/** The tabs of all windows, in this browser's IndexedDB. */
export class TabStore {
  private constructor(private readonly database: IDBDatabase) {}

  /** @returns undefined where the browser keeps nothing, as in some private windows. */
  static async open(): Promise<TabStore | undefined> {
    try {
      const opening = indexedDB.open(name, 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath: 'tab.id' })
      return new TabStore(await settled(opening))
    } catch {
      return undefined
    }
  }

  async all(): Promise<KeptTab[]> {
    const kept: KeptTab[] = await settled(this.store('readonly').getAll())
    return kept
  }

  /** Writes it if what is there is what its last revision was. @returns false if another window has written it since */
  async save(kept: KeptTab): Promise<boolean> {
    const tabs = this.store('readwrite')
    const present: KeptTab | undefined = await settled(tabs.get(kept.tab.id))
    if (present && present.revision !== kept.revision - 1) return false
    await settled(tabs.put(kept))
    return true
  }

  async remove(id: string): Promise<void> {
    await settled(this.store('readwrite').delete(id))
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(store, mode).objectStore(store)
  }
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
