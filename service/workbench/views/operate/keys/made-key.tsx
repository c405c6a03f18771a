import { useEffect, useRef } from 'preact/hooks'
import type { Key } from '../../../api/operate.ts'
import { copyText } from '../../../parts/copy-text.ts'
import { Icon } from '../../../parts/icon.tsx'

interface MadeKeyProps {
  readonly made: Key & { readonly key: string }
  readonly onSeen: () => void
}

/** A key that was just made: it is shown this once, because the service has only its hash. */
export function MadeKey({ made, onSeen }: MadeKeyProps) {
  const copy = useRef<HTMLButtonElement>(null)
  useEffect(() => copy.current?.focus(), [made.id])
  return (
    <div class="made-key" role="status">
      <p>
        <strong dir="auto">{made.name.slice(0, 200)}</strong> is made. Copy its key now: nobody can show it again.
      </p>
      <p class="curl">
        <code>{made.key}</code>
        <button ref={copy} type="button" class="quiet" aria-label="Copy the key" onClick={() => copyText(made.key, 'The key is copied')}>
          <Icon name="copy" />
        </button>
      </p>
      <button type="button" onClick={onSeen}>
        I have it
      </button>
    </div>
  )
}
