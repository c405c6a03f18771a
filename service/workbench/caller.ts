import { effect, signal } from '@preact/signals'
import { type Caller, whoAmI } from './api/catalogue.ts'
import { key } from './session.ts'

/** Who asks with the key of this window, and what that key may do; undefined until the service has said so. */
export const caller = signal<Caller | undefined>(undefined)

effect(() => {
  const asked = key.value
  caller.value = undefined
  if (asked === undefined) return
  whoAmI().then(
    found => {
      if (key.peek() === asked) caller.value = found
    },
    // Whatever is asked next says what is wrong.
    () => {},
  )
})

/** Whether the key has a right; `admin` has all of them. */
export function may(scope: string): boolean {
  const scopes = caller.value?.scopes ?? []
  return scopes.includes(scope) || scopes.includes('admin')
}
