import { copyText } from './copy-text.ts'
import { Icon } from './icon.tsx'

/** What does the same without the page. */
export function TerminalLine({ curl }: { readonly curl: string }) {
  return (
    <>
      <h3>The same from a terminal</h3>
      <p class="curl">
        <code>{curl}</code>
        <button type="button" class="quiet" aria-label="Copy the line" onClick={() => copyText(curl, 'The line is copied')}>
          <Icon name="copy" />
        </button>
      </p>
    </>
  )
}
