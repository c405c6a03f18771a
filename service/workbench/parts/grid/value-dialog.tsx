import type { Column, Json } from '../../api/rows.ts'
import { valueText } from '../../format/cell.ts'
import { count } from '../../format/numbers.ts'
import { copyText } from '../copy-text.ts'
import { Dialog } from '../dialog.tsx'

/** Characters that are shown: a page that shows five million of them takes seconds for it. */
const maxShown = 100_000

interface ValueDialogProps {
  readonly column: Column | undefined
  readonly value: Json | undefined
  readonly onClose: () => void
}

/** One value whole, to be read and copied. */
export function ValueDialog({ column, value = null, onClose }: ValueDialogProps) {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : valueText(value)
  return (
    <Dialog title={column?.name.slice(0, 200) ?? ''} wide onClose={onClose}>
      <p class="muted">
        {column?.type}
        {value !== null && ` · ${count(text.length, 'character')}`}
        {text.length > maxShown && `, of which the first ${count(maxShown, 'character')} are shown`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre class="value" tabIndex={0} dir="auto">
        {value === null ? <em class="muted">NULL</em> : text.slice(0, maxShown)}
      </pre>
      <footer>
        <button type="button" onClick={() => copyText(text, 'The value is copied')}>
          Copy
        </button>
      </footer>
    </Dialog>
  )
}
