import { useState } from 'preact/hooks'
import type { Key } from '../../../api/operate.ts'
import { caller } from '../../../caller.ts'
import { momentText } from '../../../format/moment.ts'
import { count } from '../../../format/numbers.ts'

interface KeysTableProps {
  readonly keys: readonly Key[]
  readonly onRevoke: (key: Key) => void
}

/** Keys with what they may; those that were revoked at the end. */
export function KeysTable({ keys, onRevoke }: KeysTableProps) {
  const [asked, setAsked] = useState('')
  const ordered = keys.toSorted((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null))
  return (
    <table class="plain wide">
      <thead>
        <tr>
          <th>Name</th>
          <th>Id</th>
          <th>May</th>
          <th>Tables</th>
          <th>Last used</th>
          <th>Until</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {ordered.map(key => (
          <tr key={key.id} class={key.revokedAt === null ? '' : 'muted'}>
            <th scope="row" class="name" dir="auto">
              {key.name.slice(0, 120)}
              {key.id === caller.value?.id && <span class="muted"> (this one)</span>}
            </th>
            <td>
              <code>{key.id}</code>
            </td>
            <td>{key.scopes.join(', ')}</td>
            <td title={key.grants?.map(nameOf).join('\n').slice(0, 2_000)}>{grantsText(key)}</td>
            <td class="when">{key.lastUsedAt === null ? 'never' : momentText(key.lastUsedAt)}</td>
            <td>{key.revokedAt !== null ? 'revoked' : key.expiresAt === null ? 'ever' : momentText(key.expiresAt)}</td>
            <td class="acts">
              {key.revokedAt === null && asked !== key.id && (
                <button type="button" aria-label={`Revoke ${key.name.slice(0, 60)}`} onClick={() => setAsked(key.id)}>
                  Revoke
                </button>
              )}
              {asked === key.id && key.revokedAt === null && (
                <>
                  <button
                    type="button"
                    class="danger"
                    ref={button => button?.focus()}
                    onClick={() => {
                      setAsked('')
                      onRevoke(key)
                    }}
                  >
                    Revoke for ever
                  </button>
                  <button type="button" onClick={() => setAsked('')}>
                    Keep
                  </button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function grantsText({ grants }: Key): string {
  if (grants === null) return 'all'
  if (grants.length === 0) return 'none'
  if (grants.length > 3) return count(grants.length, 'grant')
  return grants.map(nameOf).join(', ').slice(0, 120)
}

function nameOf({ schema, table }: NonNullable<Key['grants']>[number]): string {
  return table === undefined ? `all of ${schema}` : schema === 'main' ? table : `${schema}.${table}`
}
