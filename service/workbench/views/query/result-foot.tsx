import { bytesText, count, durationText } from '../../format/numbers.ts'
import { copyText } from '../../parts/copy-text.ts'
import type { Result } from './run.ts'

/** What the result is: how much of it, how long it took, of which version of the lake. */
export function ResultFoot({ result: { entry } }: { readonly result: Result }) {
  return (
    <footer class="result-foot">
      <span>{count(entry.rowCount ?? '0', 'row')}</span>
      <span>{durationText(entry.durationMs ?? 0)}</span>
      {entry.result && <span title="As the service keeps it">{bytesText(entry.result.bytes)}</span>}
      {entry.snapshotId !== null && <span>version {entry.snapshotId}</span>}
      <span class="space" />
      <button type="button" class="link" title="Copy the query’s id" onClick={() => copyText(entry.id, 'The query’s id is copied')}>
        {entry.id}
      </button>
    </footer>
  )
}
