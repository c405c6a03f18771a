import type { ComponentChildren } from 'preact'
import { caller, may } from '../../caller.ts'

interface NeedsScopeProps {
  readonly scope: string
  /** What cannot be seen without it. */
  readonly what: string
  readonly children: ComponentChildren
}

/** Shows what a right allows, or says which one is missing. */
export function NeedsScope({ scope, what, children }: NeedsScopeProps) {
  if (caller.value === undefined) return <p class="muted empty-line" aria-busy="true" />
  if (may(scope)) return <>{children}</>
  return (
    <p class="missing-right">
      {what} need the scope <code>{scope}</code>; this key, <code>{caller.value.id}</code>, has {caller.value.scopes.join(', ') || 'none'}.
      An administrator can change that: <code>PATCH /v1/keys/{caller.value.id}</code>.
    </p>
  )
}
