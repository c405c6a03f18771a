import type { MaintenanceRun } from '../../../api/operate.ts'
import { bytesText, count } from '../../../format/numbers.ts'

/** Files and versions that are listed. */
const maxShown = 100

/** What a run did, or would do. */
export function RunReport({ run }: { readonly run: MaintenanceRun }) {
  const { report } = run
  return (
    <div class="run-report" role="status">
      <p>
        <strong>{headOf(run)}</strong> {sentenceOf(run)}
      </p>
      {report && report.files.length > 0 && (
        <details>
          <summary>{count(report.fileCount, 'file')}</summary>
          <ul class="files">
            {report.files.slice(0, maxShown).map(({ path, bytes }) => (
              <li key={path}>
                <code>{path.slice(0, 300)}</code> <span class="muted">{bytesText(bytes)}</span>
              </li>
            ))}
          </ul>
          {report.fileCount > maxShown && <p class="muted">And {report.fileCount - maxShown} more.</p>}
        </details>
      )}
    </div>
  )
}

function headOf({ state, dryRun }: MaintenanceRun): string {
  if (state === 'running') return 'It is at work.'
  if (state === 'succeeded') return dryRun ? 'Tried, nothing was done.' : 'Done.'
  return state === 'cancelled' ? 'It was cancelled.' : 'It failed.'
}

/** What of it a person wants to know, in a sentence. */
export function sentenceOf({ task, report, error, dryRun, snapshotId }: MaintenanceRun): string {
  if (error) return error.detail
  if (!report) return ''
  const { fileCount, bytes, created, snapshotCount, rows, tables } = report
  const would = dryRun ? 'would be ' : ''
  const files = `${count(fileCount, 'file')} (${bytesText(bytes)})`
  const of =
    tables.length === 0
      ? ''
      : ` of ${tables.length > 3 ? count(tables.length, 'table') : tables.map(({ table }) => table.slice(0, 60)).join(', ')}`
  const version = snapshotId === null ? '' : ` Version ${snapshotId}.`
  if (task === 'expire') return snapshotCount === 0 ? 'No version is that old.' : `${count(snapshotCount, 'version')} ${would}expired.`
  if (task === 'flush') return rows === 0 ? 'There are no such rows.' : `${count(rows, 'row')}${of} ${would}written.${version}`
  if (fileCount === 0) return 'There is nothing to do.'
  if (task === 'compact' || task === 'rewrite-deletes')
    return `${files}${of} ${would}${task === 'compact' ? 'joined' : 'written anew'}${created.fileCount > 0 ? ` into ${count(created.fileCount, 'file')} (${bytesText(created.bytes)})` : ''}.${version}`
  if (task === 'clean-up' || task === 'orphans') return `${files} ${would}removed.`
  return `${files}.`
}
