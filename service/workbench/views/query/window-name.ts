import { randomId } from '../../random-id.ts'

const place = 'ducklake.window'

/** How long a page that is being reloaded may still hold its lock when the new one begins. Only a duplicated window waits so long. */
const reloadMs = 1_000

/** Finds out which window this is. A name lasts as long as the window, reloads included, and is held by a lock, because a duplicated window
 * begins with the other's sessionStorage. Without locks, as on connections that are not encrypted, no window is known to be gone before it
 * says so: then its tabs come to whoever asks, and a conflict makes a copy.
 * @returns its name, and whether another window is not there any more */
export async function claimWindow(): Promise<{ readonly name: string; readonly isGone: (other: string) => Promise<boolean> }> {
  const last = sessionStorage.getItem(place) ?? randomId()
  const name = (await hold(last)) ? last : randomId()
  if (name !== last) await hold(name)
  sessionStorage.setItem(place, name)
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
        return new Promise<void>(() => {})
      })
      .catch(() => resolve(!signal.aborted))
  })
}

async function isGone(other: string): Promise<boolean> {
  if (!locks()) return true
  const { held = [] } = await navigator.locks.query()
  return !held.some(({ name }) => name === lockOf(other))
}

function locks(): boolean {
  return 'locks' in navigator && navigator.locks !== undefined
}

function lockOf(name: string): string {
  return `ducklake.window.${name}`
}
