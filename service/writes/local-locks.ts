import type { LockMode } from './table-lock.ts'

interface Waiter {
  readonly mode: LockMode
  readonly enter: () => void
}

/** Locks by name within this process, first come, first served: PostgreSQL lets one connection take the same lock twice. */
export class LocalLocks {
  private readonly locks = new Map<string, { shared: number; exclusive: boolean; readonly waiting: Waiter[] }>()

  /** @returns what frees it. @throws the signal's reason if it comes first. */
  async take(name: string, mode: LockMode, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    const lock = this.locks.get(name) ?? { shared: 0, exclusive: false, waiting: [] }
    this.locks.set(name, lock)
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        lock.waiting.splice(lock.waiting.indexOf(waiter), 1)
        this.serve(name)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        mode,
        enter: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      lock.waiting.push(waiter)
      this.serve(name)
    })
    return () => {
      if (mode === 'shared') lock.shared -= 1
      else lock.exclusive = false
      this.serve(name)
    }
  }

  private serve(name: string): void {
    const lock = this.locks.get(name)
    if (!lock) return
    for (let [first] = lock.waiting; first; [first] = lock.waiting) {
      if (lock.exclusive || (first.mode === 'exclusive' && lock.shared > 0)) return
      lock.waiting.shift()
      if (first.mode === 'shared') lock.shared += 1
      else lock.exclusive = true
      first.enter()
    }
    if (lock.shared === 0 && !lock.exclusive) this.locks.delete(name)
  }
}
