import { findKey, noteUse, type StoredKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'

/** How long a key is taken as it was read: for that long after its revocation the other processes of the service still know it. */
const keyCacheMs = 5_000

/** Keys that one process remembers. */
const maxKnown = 10_000

/** The keys of the store, remembered for a moment: a request must not wait for PostgreSQL to know who asks. Only keys that exist are
 * remembered, so that made-up ones push nobody's out. */
export class KeyRing {
  private readonly known = new Map<string, { readonly key: StoredKey; readonly readAtMs: number }>()
  private readonly reading = new Map<string, Promise<StoredKey | undefined>>()
  private used = new Map<string, Date>()
  private changes = 0

  constructor(private readonly store: Store) {}

  async find(id: string): Promise<StoredKey | undefined> {
    const known = this.known.get(id)
    if (known && performance.now() - known.readAtMs < keyCacheMs) return known.key
    const reading = this.reading.get(id) ?? this.read(id)
    this.reading.set(id, reading)
    return reading
  }

  /** What was read of it holds no longer. */
  forget(id: string): void {
    this.known.delete(id)
    this.reading.delete(id)
    this.changes += 1
  }

  /** The same for every key of a user. */
  forgetUser(user: string): void {
    for (const [id, { key }] of this.known) if (key.user === user) this.forget(id)
    // One that is being read may be this user's.
    this.reading.clear()
    this.changes += 1
  }

  noteUse(id: string): void {
    this.used.set(id, new Date())
  }

  /** Writes down when each key was last used. */
  async flush(): Promise<void> {
    if (this.used.size === 0) return
    const uses = this.used
    this.used = new Map()
    await noteUse(this.store.ask, uses)
  }

  private async read(id: string): Promise<StoredKey | undefined> {
    const { changes } = this
    try {
      const key = await findKey(this.store.ask, id)
      const [oldest] = this.known.keys()
      this.known.delete(id)
      // What was read may be from before a change.
      if (!key || changes !== this.changes) return key
      if (oldest !== undefined && this.known.size >= maxKnown) this.known.delete(oldest)
      this.known.set(id, { key, readAtMs: performance.now() })
      return key
    } finally {
      this.reading.delete(id)
    }
  }
}
