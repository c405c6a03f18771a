import { copyText } from '../../parts/copy-text.ts'
import { DropHere } from '../../parts/drop-here.tsx'
import { Icon } from '../../parts/icon.tsx'

/** Nothing is chosen yet. */
export function ChooseFile() {
  const curl = `curl -s "${location.origin}/v1/tables/main/readings/rows?mode=create" -H "Authorization: Bearer $DUCKLAKE_KEY" -H 'Content-Type: text/csv' --data-binary @readings.csv`
  return (
    <div class="empty">
      <DropHere />
      <h3>The same from a terminal</h3>
      <p class="curl">
        <code>{curl}</code>
        <button type="button" class="quiet" aria-label="Copy the line" onClick={() => copyText(curl, 'The line is copied')}>
          <Icon name="copy" />
        </button>
      </p>
    </div>
  )
}
