import { DropHere } from '../../parts/drop-here.tsx'
import { TerminalLine } from '../../parts/terminal-line.tsx'

/** Nothing is chosen yet. */
export function ChooseFile() {
  const curl = `curl -s "${location.origin}/v1/tables/main/readings/rows?mode=create" -H "Authorization: Bearer $DUCKLAKE_KEY" -H 'Content-Type: text/csv' --data-binary @readings.csv`
  return (
    <div class="empty">
      <DropHere />
      <TerminalLine curl={curl} />
    </div>
  )
}
