import { count } from '../../format/numbers.ts'
import { takeFile } from '../../parts/drop-anywhere.tsx'
import { FileButton } from '../../parts/file-button.tsx'
import { RejectedRows } from '../../parts/rejected-rows.tsx'
import { go } from '../../router.ts'
import { quoteTable } from '../../sql/quote-name.ts'
import { runStatements } from '../query/run-statements.ts'
import { openTab } from '../query/tabs.ts'
import type { Draft } from './draft.ts'
import { forgetFile } from './load-file.ts'
import type { Written } from './send-rows.ts'

interface SummaryProps {
  readonly draft: Draft
  readonly written: Written
}

/** What became of the file. */
export function Summary({ draft: { schema, table, mode, file }, written }: SummaryProps) {
  const { rowCount, snapshotId, rejectedCount = 0, errors = [], registered, columns = [] } = written
  const query = () => {
    const sql = `FROM ${quoteTable(schema, table)}\nLIMIT 1000`
    const tab = openTab({ sql, title: table.slice(0, 60) })
    go('query')
    runStatements(tab, [{ sql, from: 0 }])
    forgetFile()
  }
  return (
    <div class="summary">
      <h2 dir="auto">
        {count(rowCount, 'row')} {mode === 'create' ? 'made the table' : 'came into'} {table.slice(0, 120)}
      </h2>
      <p class="muted">
        {[
          `from ${file.name.slice(0, 120)}`,
          columns.length > 0 && count(columns.length, 'column'),
          snapshotId !== null && `version ${snapshotId}`,
          registered && 'the file became one of the table as it is',
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {rejectedCount > 0 && (
        <>
          <p class="warning">{count(rejectedCount, 'row')} did not fit and are not in the table.</p>
          <RejectedRows errors={errors} count={rejectedCount} />
        </>
      )}
      <p class="ways-on">
        <button type="button" class="primary" ref={button => button?.focus()} onClick={query}>
          Query it
        </button>
        <FileButton label="Load another file" onFile={takeFile} />
      </p>
    </div>
  )
}
