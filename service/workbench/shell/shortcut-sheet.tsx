import { Dialog } from '../parts/dialog.tsx'
import { sheetOpen, shortcuts } from './shortcuts.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

export function ShortcutSheet() {
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        sheetOpen.value = false
      }}
    >
      <dl class="shortcuts">
        {shortcuts.map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              <kbd>{isMac ? keys.replaceAll('Ctrl', '⌘').replaceAll('Alt', '⌥') : keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
