import type { QueryEntry } from '../../api/queries.ts'
import { count, durationText } from '../../format/numbers.ts'
import { copyText } from '../../parts/copy-text.ts'
import { openPast } from '../query/open-past.ts'

/** Characters of a statement in the list; opened, it is whole. */
const maxShown = 400

export function PastQuery({ entry }: { readonly entry: QueryEntry }) {
  const { kind, state, sql, submittedAt, durationMs, rowCount, snapshotId, asOf, error } = entry
  const facts = [
    durationMs === null ? '' : durationText(durationMs),
    rowCount === null ? '' : count(rowCount, 'row'),
    snapshotId === null ? '' : `version ${snapshotId}`,
    asOf === null ? '' : `as of ${asOf.version ?? asOf.timestamp}`,
  ].filter(fact => fact !== '')
  return (
    <li class={`past ${state}`}>
      <p class="past-head">
        <time dateTime={submittedAt}>{new Date(submittedAt).toLocaleString()}</time>
        <strong>{state}</strong>
        <span class="muted figures">{facts.join(' · ')}</span>
        <span class="space" />
        {kind !== 'rows' && (
          <button type="button" onClick={() => openPast(entry)}>
            Open
          </button>
        )}
        <button type="button" class="quiet" onClick={() => copyText(sql, 'The statement is copied')}>
          Copy
        </button>
      </p>
      <pre dir="auto">{sql.length > maxShown ? `${sql.slice(0, maxShown)}…` : sql}</pre>
      {error && <p class="past-error">{error.detail.slice(0, maxShown)}</p>}
    </li>
  )
}
