import { randomId } from '../../random-id.ts'

const place = 'ducklake.window'
/** When a window was left, by its name. */
const left = 'ducklake.left.'

/** How long a page that is being reloaded may still hold its lock when the new one begins. Only a duplicated window waits so long. */
const reloadMs = 1_000

/** How long a window that was left may be on its way back: it is reloaded, on a busy machine, and its tabs are nobody else's. */
const returnMs = 5_000

let release: (() => void) | undefined

/** Finds out which window this is. A name lasts as long as the window, reloads included, and is held by a lock, because a duplicated window
 * begins with the other's sessionStorage. Without locks, as on connections that are not encrypted, no window is known to be gone before it
 * says so: then its tabs come to whoever asks, and a conflict makes a copy.
 * @returns its name, and whether another window is not there any more; that of one that was just left is known after `returnMs` */
export async function claimWindow(): Promise<{ readonly name: string; readonly isGone: (other: string) => Promise<boolean> }> {
  const last = sessionStorage.getItem(place) ?? randomId()
  const name = (await hold(last)) ? last : randomId()
  if (name !== last) await hold(name)
  sessionStorage.setItem(place, name)
  forget(name)
  window.addEventListener('pagehide', () => leave(name))
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void hold(name).then(() => forget(name))
  })
  return { name, isGone }
}

/** Until the window ends. @returns false if another one holds it */
function hold(name: string): Promise<boolean> {
  if (!locks()) return Promise.resolve(true)
  const signal = AbortSignal.timeout(reloadMs)
  return new Promise(resolve => {
    navigator.locks
      .request(lockOf(name), { signal }, () => {
        resolve(true)
        return new Promise<void>(done => {
          release = done
        })
      })
      .catch(() => resolve(!signal.aborted))
  })
}

async function isGone(other: string): Promise<boolean> {
  if (!locks()) return true
  const until = Date.now() + Math.min(returnMs, leftAt(other) + returnMs - Date.now())
  while (!(await isHeld(other))) {
    const waitMs = until - Date.now()
    if (waitMs <= 0) {
      forget(other)
      return true
    }
    await new Promise(resolve => setTimeout(resolve, Math.min(waitMs, 200)))
  }
  return false
}

async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(lock => lock.name === lockOf(name))
}

/** The lock is given back at once: the window may come again before the browser has cleared away what it leaves. */
function leave(name: string): void {
  try {
    localStorage.setItem(left + name, `${Date.now()}`)
  } catch {
    // This browser keeps nothing, and the page says so.
  }
  release?.()
}

function leftAt(name: string): number {
  try {
    return Number(localStorage.getItem(left + name) ?? 0)
  } catch {
    return 0
  }
}

function forget(name: string): void {
  try {
    localStorage.removeItem(left + name)
  } catch {
    // As above.
  }
}

function locks(): boolean {
  return 'locks' in navigator && navigator.locks !== undefined
}

function lockOf(name: string): string {
  return `ducklake.window.${name}`
}
