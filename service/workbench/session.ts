import { computed, signal } from '@preact/signals'

const place = 'ducklake.key'

/** Takes the key out of the address, `#key=…` as the start message prints it, so that it is in no history and in no link that is passed on. */
function keyInAddress(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const key = fragment.get('key')
  if (key === null) return undefined
  fragment.delete('key')
  const rest = fragment.toString()
  history.replaceState(history.state, '', `${location.pathname}${rest === '' ? '' : `#${rest}`}`)
  return key.trim() || undefined
}

const found = keyInAddress()
if (found !== undefined) sessionStorage.setItem(place, found)

/** The key that this window asks with. It is kept as long as the window, and in no other. */
export const key = signal(sessionStorage.getItem(place) ?? undefined)

/** Why the service wants another key, if it does: everything typed stays, and goes on once there is one. */
export const refusal = signal<string>()

export const signedIn = computed(() => key.value !== undefined && refusal.value === undefined)

export function signIn(presented: string): void {
  sessionStorage.setItem(place, presented)
  key.value = presented
  refusal.value = undefined
}

export function signOut(): void {
  sessionStorage.removeItem(place)
  key.value = undefined
  refusal.value = undefined
}
